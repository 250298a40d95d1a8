import type { DocumentNode, ExecutionArgs, ExecutionResult } from "graphql";
import { captureSource } from "./captured-source.ts";
import type { FrameSink } from "./frame-sink.ts";
import { toFrameTail, type FrameTail } from "./frame-writer.ts";
import { createLiveGroup, type LiveGroup } from "./live-group.ts";

type Subscribed = AsyncGenerator<ExecutionResult, void, void> | ExecutionResult;

export interface SharedSubscription {
  /** Prepared for this subscriber alone: parsed, validated, with its own context. */
  readonly args: ExecutionArgs;
  readonly subscribe: (args: ExecutionArgs) => unknown;
  readonly operationId: string;
  readonly sink: FrameSink;
}

/**
 * Subscribers who are shown the same, served as one. Who they are: same document, operation and variables, and the same
 * rights; each of them opens the subscription first, so that each is refused or let in for itself.
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
}): LiveGroups {
  const groups = new Map<string, LiveGroup>();
  const documents = new WeakMap<DocumentNode, number>();
  let documentCount = 0;

  /** Yoga parses the same text to the same document, as long as it remembers it. */
  function keyOf({ document, operationName, variableValues, contextValue }: ExecutionArgs): string {
    const documentId = documents.get(document) ?? ++documentCount;
    documents.set(document, documentId);
    return JSON.stringify([documentId, operationName ?? null, variableValues ?? null, options.rightsOf(contextValue)]);
  }

  return {
    memberCount: () => [...groups.values()].reduce((sum, group) => sum + group.size, 0),
    groupCount: () => groups.size,
    async subscribe({ args, subscribe, operationId, sink }) {
      const captured = captureSource(args.contextValue as object);
      const results = (await subscribe(args)) as Subscribed;
      const { source } = captured;
      if (!source || !isGenerator(results)) return results;
      const key = keyOf(args);
      const running = groups.get(key);
      if (running) {
        void results.return();
        void source.return();
        return running.join(operationId, sink, source);
      }
      const group = createLiveGroup({
        source,
        async execute(record): Promise<FrameTail> {
          captured.feed(record);
          const result = await results.next();
          if (result.done) throw new Error("The execution of a shared subscription has ended before its source.");
          return toFrameTail(toPayload(result.value));
        },
        maskError: options.maskError,
        onEnd: () => groups.delete(key),
        onEmpty: () => void results.return(),
      });
      groups.set(key, group);
      return group.join(operationId, sink, source);
    },
  };
}

function isGenerator(value: Subscribed): value is AsyncGenerator<ExecutionResult, void, void> {
  return Symbol.asyncIterator in value;
}

/** As graphql-ws has it: what an executor adds beside these is its own. */
function toPayload({ data, errors, extensions }: ExecutionResult): object {
  return { ...(errors && { errors }), ...(data !== undefined && { data }), ...(extensions && { extensions }) };
}
