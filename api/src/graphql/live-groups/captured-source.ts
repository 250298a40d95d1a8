import type { GraphQLResolveInfo, GraphQLSchema } from "graphql";
import { isLiveStream, type LiveStream } from "../../events/live-stream.ts";
import { isLogStream, type LogStream } from "../../events/log-stream.ts";
import { toGenerator } from "../../events/to-generator.ts";

/**
 * What a subscription has opened, held back from its execution: the execution is fed record by record by whoever captured
 * the source, and so does not care for how many subscribers it runs.
 */
export interface CapturedSource {
  /** Undefined until the field has opened it, and for fields that are not shared. */
  readonly source: LiveStream<unknown> | LogStream<object> | undefined;
  /** The variable that says where in a log to begin; it changes nothing of what an entry looks like. */
  readonly cursorVariable: string | undefined;
  /** Gives the execution its next record; one at a time. */
  feed(record: unknown): void;
  /** Lets go of what was opened: the context that it was opened with lives as long as the subscription. */
  forget(): void;
}

interface Capture extends CapturedSource {
  source: LiveStream<unknown> | LogStream<object> | undefined;
  cursorVariable: string | undefined;
  readonly records: AsyncGenerator<unknown, void, undefined>;
}

const captures = new WeakMap<object, Capture>();

/** Has the subscription that is executed with this context opened without being read. */
export function captureSource(contextValue: object): CapturedSource {
  let given: { readonly record: unknown } | undefined;
  let isLeft = false;
  let wake = Promise.withResolvers<void>();
  const records = toGenerator<unknown>(
    async () => {
      if (!given && !isLeft) await wake.promise;
      wake = Promise.withResolvers();
      if (!given || isLeft) return { done: true, value: undefined };
      const { record } = given;
      given = undefined;
      return { done: false, value: record };
    },
    () => {
      isLeft = true;
      wake.resolve();
    },
  );
  const capture: Capture = {
    source: undefined,
    cursorVariable: undefined,
    records,
    feed(record) {
      given = { record };
      wake.resolve();
    },
    forget: () => void captures.delete(contextValue),
  };
  captures.set(contextValue, capture);
  return capture;
}

/**
 * Lets the sources of all subscription fields that say `extensions: { shared: true }` be captured. A field may say so when
 * what it resolves to depends on nothing of the viewer but the roles: members of a group are shown what one of them was. A log says
 * as `cursor` which of its arguments names the position to begin at.
 */
export function withCapturableSources(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const open = field.subscribe;
    if (field.extensions["shared"] !== true || !open) continue;
    field.subscribe = async (root, args, context: object, info) => {
      const source: unknown = await open(root, args, context, info);
      const capture = captures.get(context);
      if (!capture || !(isLiveStream(source) || isLogStream(source))) return source;
      capture.source = source;
      capture.cursorVariable = variableOf(info, field.extensions["cursor"]);
      return capture.records;
    };
  }
  return schema;
}

function variableOf(info: GraphQLResolveInfo, argument: unknown): string | undefined {
  const value = info.fieldNodes[0]?.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === "Variable" ? value.name.value : undefined;
}
