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
  return new CountedGenerator(result, fieldOf(args), onChange) as T;
}

/** A class, because each subscriber has one, and closures for each are memory. */
class CountedGenerator implements AsyncGenerator<unknown, unknown, unknown> {
  readonly #result: AsyncGenerator<unknown, unknown, unknown>;
  readonly #field: string;
  readonly #onChange: SubscriberSink;
  #isOpen = true;

  constructor(result: AsyncGenerator<unknown, unknown, unknown>, field: string, onChange: SubscriberSink) {
    this.#result = result;
    this.#field = field;
    this.#onChange = onChange;
    onChange(field, 1);
  }

  async next(value: unknown): Promise<IteratorResult<unknown, unknown>> {
    try {
      const next = await this.#result.next(value);
      if (next.done) this.#end();
      return next;
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  return(value: unknown): Promise<IteratorResult<unknown, unknown>> {
    this.#end();
    return this.#result.return(value);
  }

  throw(error: unknown): Promise<IteratorResult<unknown, unknown>> {
    this.#end();
    return this.#result.throw(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    await this.#result[Symbol.asyncDispose]();
  }

  #end(): void {
    if (this.#isOpen) this.#onChange(this.#field, -1);
    this.#isOpen = false;
  }
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
