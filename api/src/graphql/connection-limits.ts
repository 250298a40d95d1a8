import { GraphQLError } from "graphql";
import type { ConnectionLimitSettings } from "../config/limit-settings.ts";

/** Which limit an attempt met; `limit` is its setting's value. */
export interface LimitMet {
  readonly code:
    | "TOO_MANY_CONNECTIONS"
    | "TOO_MANY_CONNECTIONS_OF_ADDRESS"
    | "TOO_MANY_CONNECTIONS_OF_USER"
    | "TOO_MANY_MESSAGES";
  readonly limit: number;
  readonly message: string;
}

/** Gives back what was held; a second call has no effect. */
export type Release = () => void;

/** Counts what is open. State: one counter, and one per user and per address that has something open. */
export interface ConnectionLimits {
  /** Takes a connection's place, or tells which limit stands against it. */
  openConnection(address: string): Release | LimitMet;
  /** Counts a connection to its user, once it is known. */
  openForUser(userId: string): Release | LimitMet;
  /** The answer to an operation too many, or undefined when there is room beside those that run. */
  refuseOperation(runningOperations: number): GraphQLError | undefined;
  /** Counts the messages of one connection: called for each, it tells when one came too soon after the others. */
  meterMessages(): (nowMs: number) => LimitMet | undefined;
}

export function isLimitMet(held: Release | LimitMet): held is LimitMet {
  return typeof held === "object";
}

export function createConnectionLimits(options: {
  readonly settings: ConnectionLimitSettings;
  /** Told of each refusal with its code. */
  readonly onRefusal: (code: string) => void;
  /** Told of how many are open, whenever that changes. */
  readonly onCount?: (connections: number) => void;
}): ConnectionLimits {
  const { settings, onRefusal } = options;
  const ofUser = new Map<string, number>();
  const ofAddress = new Map<string, number>();
  let connections = 0;

  function count(change: 1 | -1): void {
    connections += change;
    options.onCount?.(connections);
  }

  function refuse(code: LimitMet["code"], limit: number, message: string): LimitMet {
    onRefusal(code);
    return { code, limit, message };
  }

  return {
    openConnection(address) {
      const limit = settings.connections;
      if (limit > 0 && connections >= limit) {
        return refuse(
          "TOO_MANY_CONNECTIONS",
          limit,
          `Slipway has ${limit} live connections open, which is its limit (SLIPWAY_MAX_CONNECTIONS). Try again later.`,
        );
      }
      const ofOne = settings.connectionsPerAddress;
      if (ofOne > 0 && (ofAddress.get(address) ?? 0) >= ofOne) {
        return refuse(
          "TOO_MANY_CONNECTIONS_OF_ADDRESS",
          ofOne,
          `Your address has ${ofOne} live connections open, which is the limit (SLIPWAY_MAX_CONNECTIONS_PER_ADDRESS). Close one.`,
        );
      }
      count(1);
      const release = hold(ofAddress, address);
      return once(() => {
        count(-1);
        release();
      });
    },
    openForUser(userId) {
      const limit = settings.connectionsPerUser;
      const open = ofUser.get(userId) ?? 0;
      if (limit > 0 && open >= limit) {
        // Also the reason of a close frame, which holds 123 bytes.
        const message = `You have ${limit} connections open, the limit (SLIPWAY_MAX_CONNECTIONS_PER_USER). Close one.`;
        return refuse("TOO_MANY_CONNECTIONS_OF_USER", limit, message);
      }
      return once(hold(ofUser, userId));
    },
    refuseOperation(runningOperations) {
      const limit = settings.operationsPerConnection;
      if (limit === 0 || runningOperations < limit) return undefined;
      onRefusal("TOO_MANY_OPERATIONS");
      return new GraphQLError(
        `This connection runs ${limit} operations, which is the limit (SLIPWAY_MAX_OPERATIONS_PER_CONNECTION). Complete one first, or open a second connection.`,
        { extensions: { code: "TOO_MANY_OPERATIONS", limit } },
      );
    },
    meterMessages() {
      const limit = settings.messagesPerSecond;
      // What may come at once; it fills up again within a second.
      let room = limit;
      let atMs: number | undefined;
      return (nowMs) => {
        if (limit === 0) return undefined;
        room = Math.min(limit, room + ((nowMs - (atMs ?? nowMs)) / 1000) * limit);
        atMs = nowMs;
        if (room < 1) {
          const message = `A connection may send ${limit} messages a second (SLIPWAY_MAX_MESSAGES_PER_SECOND).`;
          return refuse("TOO_MANY_MESSAGES", limit, message);
        }
        room -= 1;
        return undefined;
      };
    },
  };
}

/** Counts one more of `key`, which is forgotten when nothing of it is left. */
function hold(open: Map<string, number>, key: string): Release {
  open.set(key, (open.get(key) ?? 0) + 1);
  return () => {
    const left = (open.get(key) ?? 1) - 1;
    if (left > 0) open.set(key, left);
    else open.delete(key);
  };
}

function once(giveBack: () => void): Release {
  let isHeld = true;
  return () => {
    if (isHeld) giveBack();
    isHeld = false;
  };
}
