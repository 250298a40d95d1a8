import SchemaBuilder, {
  BasePlugin,
  type InputFieldMap,
  type InputShapeFromFields,
  type FieldNullability,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type ShapeFromTypeParam,
  type TypeParam,
} from "@pothos/core";
import type { GraphQLFieldResolver } from "graphql";
import type { ActivityAction } from "../activity/activity-action.ts";
import type { ActivityEnding, ActivityTarget } from "../activity/activity.ts";
import { ForbiddenError } from "../auth/viewer.ts";
import type { GraphQLContext } from "../context.ts";
import { StoreUnavailableError } from "../storage/entity-store.ts";
import type { ErrorShape } from "./error-interface.ts";

/** How a mutation is told in the activity. */
export interface RecordedActivity<Args, Success, Context = GraphQLContext> {
  /** The mutation's name in capitals. */
  readonly action: ActivityAction;
  /** What it acts on, found without asking Azure. A viewer who may not see it acts on something without a name. */
  readonly target: (args: Args, context: Context) => ActivityTarget | Promise<ActivityTarget>;
  /** Global id of each thing that it began, or why that was refused. Nothing when it begins nothing. */
  readonly started?: (success: Success) => readonly (string | ErrorShape)[];
}

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- Pothos takes options of plugins by merging into its namespace
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      activity: ActivityPlugin<Types>;
    }
    export interface MutationFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      // oxlint-disable-next-line no-unused-vars -- has to repeat Pothos's own list of parameters
      ResolveReturnShape,
    > {
      activity: RecordedActivity<
        InputShapeFromFields<Args>,
        Exclude<ShapeFromTypeParam<Types, Type, false>, ErrorShape>,
        Types["Context"]
      >;
    }
  }
}

/**
 * Records every mutation around its resolver: the intent before it, the outcome after it. Input that can't be used leaves
 * nothing, as it does everywhere; a store that can't take the intent refuses the act.
 */
class ActivityPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(fieldConfig: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    if (fieldConfig.kind !== "Mutation") return fieldConfig;
    const { action } = declarationOf(fieldConfig);
    return { ...fieldConfig, extensions: { ...fieldConfig.extensions, activity: action } };
  }

  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types["Context"], object>,
    fieldConfig: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types["Context"], object> {
    if (fieldConfig.kind !== "Mutation") return resolver;
    const recorded = declarationOf(fieldConfig);
    return async (root, args, ctx, info) => {
      const context = ctx as unknown as GraphQLContext;
      const { activity } = context.services;
      let open;
      try {
        const target = await findTarget(recorded, args, context);
        open = await activity.begin(context.viewer, recorded.action, target, context.address);
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        return { error, code: "STORE_UNAVAILABLE", message: error.message } satisfies ErrorShape;
      }
      try {
        const result: unknown = await resolver(root, args, ctx, info);
        await open.end(toEnding(result, recorded));
        return result;
      } catch (error) {
        await open.end(FAILED);
        throw error;
      }
    };
  }
}

SchemaBuilder.registerPlugin("activity", ActivityPlugin);

type AnyActivity = RecordedActivity<unknown, unknown>;

const FAILED: ActivityEnding = {
  outcome: "UNKNOWN",
  message: "Something went wrong in Slipway while it did this; its log has the cause. Look at what it was done to.",
  started: [],
};

function declarationOf(fieldConfig: { readonly name: string; readonly pothosOptions: unknown }): AnyActivity {
  const { activity } = fieldConfig.pothosOptions as { readonly activity?: AnyActivity };
  if (!activity)
    throw new Error(`The mutation '${fieldConfig.name}' does not say how it is recorded: give it an 'activity'.`);
  return activity;
}

async function findTarget(recorded: AnyActivity, args: unknown, context: GraphQLContext): Promise<ActivityTarget> {
  try {
    return await recorded.target(args, context);
  } catch (error) {
    if (!(error instanceof ForbiddenError)) throw error;
    return { id: "", name: "" };
  }
}

function toEnding(result: unknown, { started }: AnyActivity): ActivityEnding | undefined {
  if (isRefusal(result)) return result.code === "INVALID_INPUT" ? undefined : refused(result, []);
  const begun = started?.(result) ?? [];
  const ids = begun.filter((one) => typeof one === "string");
  const refusals = begun.filter((one) => typeof one !== "string");
  const [first] = refusals;
  if (!first) return { outcome: "ACCEPTED", started: ids };
  if (ids.length === 0) return refused(first, refusals.slice(1));
  const message = [`${refusals.length} of ${begun.length} refused:`, ...refusals.map((one) => one.message)].join(" ");
  return { outcome: "ACCEPTED", message, started: ids };
}

function refused({ code, message }: ErrorShape, others: readonly ErrorShape[]): ActivityEnding {
  const messages = new Set([message, ...others.map((other) => other.message)]);
  return { outcome: "REFUSED", code, message: [...messages].join(" "), started: [] };
}

function isRefusal(result: unknown): result is ErrorShape {
  return (result as Partial<ErrorShape> | null)?.error instanceof Error;
}
