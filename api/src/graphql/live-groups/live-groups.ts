import { visit, type DocumentNode, type ExecutionArgs, type ExecutionResult } from "graphql";
import { isLogStream } from "../../events/log-stream.ts";
import { captureSource, type CapturedSource } from "./captured-source.ts";
import type { FrameSink } from "./frame-sink.ts";
import { toFrameTail, type FrameTail } from "./frame-writer.ts";
import { createLiveGroup, type LiveGroup } from "./live-group.ts";
import { createLogGroup, type LogGroup } from "./log-group.ts";

type Subscribed = AsyncGenerator<ExecutionResult, void, void> | ExecutionResult;

export interface SharedSubscription {
  /** Prepared for this subscriber alone: parsed, validated, with its own context. */
  readonly args: ExecutionArgs;
  readonly subscribe: (args: ExecutionArgs) => unknown;
  readonly operationId: string;
  readonly sink: FrameSink;
}

/**
 * Subscribers who are shown the same, served as one. Who they are: same document, operation and variables (but for the cursor of
 * a log), and the same rights; each of them opens the subscription first, so that each is refused or let in for itself.
 */
export interface LiveGroups {
  /**
   * For a shared field a generator that yields nothing, because the group writes to the sink itself, and ends with the
   * subscription; for all others what executing it gave.
   */
  subscribe(subscription: SharedSubscription): Promise<Subscribed>;
  /** Members now, for metrics. */
  memberCount(): number;
  groupCount(): number;
}

export function createLiveGroups(options: {
  /** Equal for viewers who may see and do the same. */
  readonly rightsOf: (contextValue: unknown) => string;
  readonly maskError: (error: unknown) => Error;
  /** A change of a state topic has been written to all members of a group; it was told of at `toldMs`, in monotonic milliseconds. */
  readonly onDelivered?: (toldMs: number) => void;
}): LiveGroups {
  const liveGroups = new Map<string, LiveGroup>();
  const logGroups = new Map<string, LogGroup>();
  const documents = new WeakMap<DocumentNode, number>();
  let documentCount = 0;

  /** Yoga parses the same text to the same document, as long as it remembers it. */
  function keyOf({ document, operationName, variableValues, contextValue }: ExecutionArgs, cursor?: string): string {
    const documentId = documents.get(document) ?? ++documentCount;
    documents.set(document, documentId);
    const variables: Record<string, unknown> = { ...variableValues };
    if (cursor !== undefined && isUsedOnce(document, cursor)) delete variables[cursor];
    return JSON.stringify([documentId, operationName ?? null, variables, options.rightsOf(contextValue)]);
  }

  function executeWith(
    captured: CapturedSource,
    results: AsyncGenerator<ExecutionResult, void, void>,
  ): (record: unknown) => Promise<FrameTail> {
    return async (record) => {
      captured.feed(record);
      const result = await results.next();
      if (result.done) throw new Error("The execution of a shared subscription has ended before its source.");
      return toFrameTail(toPayload(result.value));
    };
  }

  return {
    memberCount: () => [...liveGroups.values(), ...logGroups.values()].reduce((sum, group) => sum + group.size, 0),
    groupCount: () => liveGroups.size + logGroups.size,
    async subscribe({ args, subscribe, operationId, sink }) {
      const captured = captureSource(args.contextValue as object);
      const results = (await subscribe(args)) as Subscribed;
      const { source, cursorVariable } = captured;
      captured.forget();
      if (!source || !isGenerator(results)) return results;
      const key = keyOf(args, cursorVariable);
      const { maskError } = options;
      const endExecution = (): void => void results.return();
      if (isLogStream(source)) {
        const running = logGroups.get(key);
        if (running) endExecution();
        const group =
          running ??
          createLogGroup({
            execute: executeWith(captured, results),
            maskError,
            onEmpty() {
              logGroups.delete(key);
              endExecution();
            },
          });
        logGroups.set(key, group);
        return group.join(operationId, sink, source);
      }
      const running = liveGroups.get(key);
      if (running) {
        endExecution();
        void source.return();
        return running.join(operationId, sink, source);
      }
      const group = createLiveGroup({
        source,
        execute: executeWith(captured, results),
        maskError,
        onDelivered: options.onDelivered,
        onEnd: () => liveGroups.delete(key),
        onEmpty: endExecution,
      });
      liveGroups.set(key, group);
      return group.join(operationId, sink, source);
    },
  };
}

/** Where it is declared does not count. */
function isUsedOnce(document: DocumentNode, variable: string): boolean {
  let uses = 0;
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void (name.value === variable && uses++),
  });
  return uses === 1;
}

function isGenerator(value: Subscribed): value is AsyncGenerator<ExecutionResult, void, void> {
  return Symbol.asyncIterator in value;
}

/** As graphql-ws has it: what an executor adds beside these is its own. */
function toPayload({ data, errors, extensions }: ExecutionResult): object {
  return { ...(errors && { errors }), ...(data !== undefined && { data }), ...(extensions && { extensions }) };
}
