import { getOperationAST, Kind, type ExecutionArgs } from "graphql";
import type { Plugin } from "graphql-yoga";

/** Told of subscriptions as they begin and end, by the field that they ask for. */
export type SubscriberSink = (field: string, change: 1 | -1) => void;

/**
 * Counts an open subscription until what it reads has ended or been left.
 * `result` is given back as it is when it is no stream: a subscription that was refused.
 */
export function countSubscriber<T>(args: ExecutionArgs, result: T, onChange: SubscriberSink): T {
  if (!isGenerator(result)) return result;
  const field = fieldOf(args);
  let isOpen = true;
  onChange(field, 1);
  const end = (): void => {
    if (isOpen) onChange(field, -1);
    isOpen = false;
  };
  const counted: AsyncGenerator<unknown, unknown, unknown> = {
    next: (value) =>
      result.next(value).then(
        (next) => {
          if (next.done) end();
          return next;
        },
        (error: unknown) => {
          end();
          throw error;
        },
      ),
    return(value) {
      end();
      return result.return(value);
    },
    throw(error) {
      end();
      return result.throw(error);
    },
    [Symbol.asyncIterator]: () => counted,
    async [Symbol.asyncDispose]() {
      end();
      await result[Symbol.asyncDispose]();
    },
  };
  return counted as T;
}

/** Counts event streams. Over WebSocket the execution of a shared subscription serves many, so they are counted where each is let in. */
export function eventStreamCount(onChange: SubscriberSink): Plugin {
  return {
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result, setResult }) {
        if ("request" in (args.contextValue as object)) setResult(countSubscriber(args, result, onChange));
      },
    }),
  };
}

function fieldOf({ document, operationName }: Pick<ExecutionArgs, "document" | "operationName">): string {
  const selections = getOperationAST(document, operationName)?.selectionSet.selections ?? [];
  const field = selections.find((selection) => selection.kind === Kind.FIELD);
  // A subscription has one field, which may stand in a fragment.
  return field?.name.value ?? "in a fragment";
}

function isGenerator(value: unknown): value is AsyncGenerator<unknown, unknown, unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
