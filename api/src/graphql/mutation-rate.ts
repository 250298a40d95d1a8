import { GraphQLError, getOperationAST, type ExecutionArgs } from "graphql";
import type { Plugin } from "graphql-yoga";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { GraphQLContext } from "../context.ts";
import { measureDocument } from "./document-size.ts";
import type { RefusalSink } from "./refusal-record.ts";

const CODE = "RATE_LIMITED";

/**
 * At most `limit` mutations a minute for each user, over HTTP and WebSocket together; 0 sets no limit. One too many does nothing and
 * says when the next may come. Counted in this process: a deployment of several lets each user do so much in each.
 */
export function mutationRate(
  limit: number,
  onRefusal: (code: string) => void,
  onRefused: RefusalSink = () => undefined,
): Plugin {
  const limiter = limit > 0 ? new RateLimiterMemory({ points: limit, duration: 60 }) : undefined;
  return {
    async onExecute({ args, setResultAndStopExecution }) {
      const asked = mutationsIn(args);
      if (!limiter || asked === 0) return;
      try {
        await limiter.consume((args.contextValue as object as GraphQLContext).viewer.id, asked);
      } catch (rejected) {
        if (!(rejected instanceof RateLimiterRes)) throw rejected;
        onRefusal(CODE);
        const { viewer, address } = args.contextValue as object as GraphQLContext;
        const error = tooMany(limit, Math.ceil(rejected.msBeforeNext / 1000));
        onRefused({ viewer, address, action: "ASK", code: CODE, message: `More than ${limit} changes in a minute.` });
        setResultAndStopExecution({ errors: [error] });
      }
    },
  };
}

/** Each field of a mutation's root is one, wherever it stands: an operation may hold several, and hide them in fragments. */
function mutationsIn({ document, operationName }: Pick<ExecutionArgs, "document" | "operationName">): number {
  const operation = getOperationAST(document, operationName);
  return operation?.operation === "mutation" ? measureDocument(document).width : 0;
}

function tooMany(limit: number, retryAfterSeconds: number): GraphQLError {
  return new GraphQLError(
    `You may ask for ${limit} changes a minute (SLIPWAY_MAX_MUTATIONS_PER_MINUTE). Try again in ${retryAfterSeconds} s.`,
    {
      extensions: {
        code: CODE,
        limit,
        retryAfterSeconds,
        http: { status: 429, headers: { "retry-after": String(retryAfterSeconds) } },
      },
    },
  );
}
