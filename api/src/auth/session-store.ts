import { createHash, randomBytes } from "node:crypto";
import { CompactEncrypt, compactDecrypt } from "jose";
import type { Clock } from "../shared/clock.ts";
import {
  EntityChangedError,
  EntityNotFoundError,
  type EntityStore,
  type StoredEntity,
} from "../storage/entity-store.ts";
import type { Viewer } from "./viewer.ts";

/** What a session of the web UI holds. */
export interface Session {
  readonly viewer: Viewer;
  readonly issuedAtMs: number;
  /** When the provider has to be asked again. */
  readonly expiresAtMs: number;
  readonly idToken: string;
  readonly refreshToken: string | undefined;
}

export interface StoredSession {
  /** Tells sessions apart; opens none of them. */
  readonly id: string;
  readonly session: Session;
  readonly etag: string;
}

/**
 * Sessions, sealed. The browser's cookie is `<id>.<key>`: the store has the session under the id's digest, encrypted with the
 * key, so that whoever reads the store has neither a token nor a way in, and whoever steals a cookie loses it when it is
 * deleted here.
 */
export interface SessionStore {
  /** The cookie that opens it. */
  create(session: Session): Promise<string>;
  /** Undefined when the cookie opens nothing: made up, deleted, forgotten. */
  open(cookie: string): Promise<StoredSession | undefined>;
  /** False when somebody else has changed or deleted it since it was opened. */
  replace(cookie: string, opened: StoredSession, session: Session): Promise<boolean>;
  /** Does nothing when there is none. */
  delete(id: string): Promise<void>;
}

const PARTITION = "session";
const ID_BYTES = 16;
const KEY_BYTES = 32;
const COOKIE = /^([\w-]{22})\.([\w-]{43})$/;
/** Nobody has come back for so long that the provider won't renew it either. */
const FORGOTTEN_AFTER_MS = 30 * 24 * 3_600_000;
/** More than the one that each sign-in adds, so that few of those that are kept are forgotten ones. */
const TIDIED_AT_ONCE = 20;

export function createSessionStore(store: EntityStore, clock: Clock): SessionStore {
  const table = store.table("sessions");
  const keyOf = (id: string) => ({ partitionKey: PARTITION, rowKey: id });
  const entityOf = async (id: string, key: Uint8Array, session: Session) => ({
    ...keyOf(id),
    properties: { sealed: await seal(session, key), renewedAt: new Date(session.issuedAtMs) },
  });

  /** Ids are digests, so the sessions after a new one's id are as good as drawn by lot: each sign-in tidies a few, however many there are. */
  async function deleteForgottenAfter(id: string): Promise<void> {
    const { entities } = await table.list({ partitionKey: PARTITION, fromRowKey: id, limit: TIDIED_AT_ONCE });
    const rest = TIDIED_AT_ONCE - entities.length;
    const first = rest > 0 ? await table.list({ partitionKey: PARTITION, toRowKey: id, limit: rest }) : undefined;
    for (const entity of [...entities, ...(first?.entities ?? [])]) {
      if (isForgotten(entity)) await remove(entity.rowKey);
    }
  }

  function isForgotten({ properties }: StoredEntity): boolean {
    return (properties["renewedAt"] as Date).getTime() < clock.now() - FORGOTTEN_AFTER_MS;
  }

  async function remove(id: string): Promise<void> {
    try {
      await table.delete(keyOf(id));
    } catch (error) {
      if (!(error instanceof EntityNotFoundError)) throw error;
    }
  }

  return {
    async create(session) {
      const [secret, key] = [randomBytes(ID_BYTES).toString("base64url"), randomBytes(KEY_BYTES)];
      const id = digest(secret);
      await table.insert(await entityOf(id, key, session));
      await deleteForgottenAfter(id);
      return `${secret}.${key.toString("base64url")}`;
    },
    async open(cookie) {
      const parts = parse(cookie);
      const stored = parts && (await table.get(keyOf(parts.id)));
      if (!parts || !stored || isForgotten(stored)) return undefined;
      const session = await unseal(String(stored.properties["sealed"]), parts.key);
      return session && { id: parts.id, session, etag: stored.etag };
    },
    async replace(cookie, { id, etag }, session) {
      const parts = parse(cookie);
      if (!parts) return false;
      try {
        await table.replace(await entityOf(id, parts.key, session), etag);
        return true;
      } catch (error) {
        if (error instanceof EntityChangedError || error instanceof EntityNotFoundError) return false;
        throw error;
      }
    },
    delete: remove,
  };
}

function parse(cookie: string): { readonly id: string; readonly key: Uint8Array } | undefined {
  const [, secret, key] = COOKIE.exec(cookie) ?? [];
  return secret && key ? { id: digest(secret), key: Buffer.from(key, "base64url") } : undefined;
}

function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function seal(session: Session, key: Uint8Array): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(session)))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .encrypt(key);
}

async function unseal(sealed: string, key: Uint8Array): Promise<Session | undefined> {
  try {
    const { plaintext } = await compactDecrypt(sealed, key);
    return JSON.parse(new TextDecoder().decode(plaintext)) as Session;
  } catch {
    // The id was right and the key was not: no session of whoever brings it.
    return undefined;
  }
}
