import { createHash } from "node:crypto";
import { EntityExistsError, type EntityStore } from "../../storage/entity-store.ts";

/** Remembers which provision a viewer's idempotency key stands for, from before the provision is written. */
export interface IdempotencyKeys {
  /**
   * Binds the key to `provisionId`, or tells what it is bound to already. The same key with another input is a mistake of
   * the caller: `differs`.
   */
  claim(
    viewerId: string,
    key: string,
    input: unknown,
    provisionId: string,
  ): Promise<{ readonly provisionId: string; readonly isNew: boolean } | "differs">;
  /** What the key is bound to, without binding it. */
  find(
    viewerId: string,
    key: string,
    input: unknown,
  ): Promise<{ readonly provisionId: string } | "differs" | undefined>;
}

export function createIdempotencyKeys(store: EntityStore): IdempotencyKeys {
  const table = store.table("idempotencykeys");
  const keyOf = (viewerId: string, key: string): { partitionKey: string; rowKey: string } => ({
    partitionKey: digest(viewerId),
    rowKey: digest(key),
  });
  const self: IdempotencyKeys = {
    async find(viewerId, key, input) {
      const entity = await table.get(keyOf(viewerId, key));
      if (!entity) return undefined;
      if (entity.properties["inputDigest"] !== digest(stableJson(input))) return "differs";
      return { provisionId: String(entity.properties["provisionId"]) };
    },
    async claim(viewerId, key, input, provisionId) {
      try {
        await table.insert({
          ...keyOf(viewerId, key),
          properties: { provisionId, inputDigest: digest(stableJson(input)) },
        });
        return { provisionId, isNew: true };
      } catch (error) {
        if (!(error instanceof EntityExistsError)) throw error;
        const found = await self.find(viewerId, key, input);
        if (found === undefined) throw error;
        return found === "differs" ? "differs" : { ...found, isNew: false };
      }
    },
  };
  return self;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** JSON with sorted keys, so that the order in which a client writes its fields makes no other input. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
