import { createHash } from "node:crypto";
import {
  EntityChangedError,
  EntityExistsError,
  EntityNotFoundError,
  type EntityChange,
  type EntityKey,
  type EntityStore,
  type StoredEntity,
} from "../storage/entity-store.ts";
import { isAccess } from "./activity-action.ts";
import {
  isMatch,
  newEntry,
  subjectsOf,
  type ActivityEnding,
  type ActivityEntry,
  type ActivityFilter,
  type ActivityIntent,
} from "./activity.ts";

export interface ActivityPage {
  readonly entries: readonly ActivityEntry[];
  /** There are more, or rows that this page had no time to look through: it may be short, even empty, then. */
  readonly hasNextPage: boolean;
  /** Sequence behind which the next page begins. */
  readonly endCursor: number | undefined;
  /** Of all entries, read before the page: whoever goes on after it misses none. */
  readonly newestSequence: number;
}

/**
 * The activity: append-only, in one partition, so that an entry, its place in the sequence, its index rows and the end of
 * its intent are one transaction. Rows: `head` (the newest sequence), `entry:<key>`, `intent:<id>`, and for each filter
 * `action:<action>:<key>`, `viewer:<hash>:<key>`, `about:<hash>:<key>`, `access:<key>`; `tail` says up to which sequence entries
 * are forgotten. A key falls as the sequence rises, so that lists
 * begin with the newest; as sequences have no gap, the entries after one are a range of keys as well.
 */
export interface ActivityStore {
  /** @throws StoreUnavailableError */
  intend(intent: ActivityIntent): Promise<void>;
  /** Nothing was done and nothing is to be told. */
  forget(intentId: string): Promise<void>;
  /** Replaces the intent by an entry. False when that has happened already. */
  settle(intent: ActivityIntent, ending: ActivityEnding): Promise<boolean>;
  /** Intents without an entry, at most `limit`. */
  listIntents(limit: number): Promise<readonly ActivityIntent[]>;
  readNewestSequence(): Promise<number>;
  read(sequence: number): Promise<ActivityEntry | undefined>;
  /** Entries after `sequence` in order, at most `limit`. */
  readAfter(sequence: number, limit: number): Promise<readonly ActivityEntry[]>;
  /** Takes away the oldest entries while they are from before `beforeMs`, at most `limit`. How many those were. */
  forgetBefore(beforeMs: number, limit: number): Promise<number>;
  /** Newest first, behind the sequence `after`. */
  list(
    filter: ActivityFilter,
    page: { readonly limit: number; readonly after?: number | undefined },
  ): Promise<ActivityPage>;
}

const PARTITION = "activity";
const HEAD: EntityKey = { partitionKey: PARTITION, rowKey: "head" };
const TAIL: EntityKey = { partitionKey: PARTITION, rowKey: "tail" };
const LAST_SEQUENCE = 9_999_999_999_999;
const MOST_LOOKED_THROUGH = 500;
const ROWS_PER_READ = 100;
/** How often another instance may be faster, one after the other. */
const MOST_ATTEMPTS = 50;

export function createActivityStore(store: EntityStore): ActivityStore {
  const table = store.table("activity");

  async function readNewestSequence(): Promise<number> {
    return sequenceOf(await table.get(HEAD));
  }

  async function read(sequence: number): Promise<ActivityEntry | undefined> {
    const entity = await table.get({ partitionKey: PARTITION, rowKey: `entry:${keyOf(sequence)}` });
    return entity && parseRecord<ActivityEntry>(entity);
  }

  /** True when stored, false when the intent is gone, undefined when another entry took the sequence. */
  async function trySettle(intent: ActivityIntent, ending: ActivityEnding): Promise<boolean | undefined> {
    const [head, open] = await Promise.all([table.get(HEAD), table.get(intentKey(intent.id))]);
    // Settled by somebody else, or by us: the reply to our write got lost.
    if (!open) return false;
    const entry = newEntry(intent, ending, sequenceOf(head) + 1);
    const nextHead = { ...HEAD, properties: { sequence: entry.sequence } };
    try {
      await table.transact(PARTITION, [
        head ? { kind: "replace", entity: nextHead, etag: head.etag } : { kind: "insert", entity: nextHead },
        insertion(`entry:${keyOf(entry.sequence)}`, { record: JSON.stringify(entry) }),
        ...indexPrefixes(entry).map((prefix) =>
          insertion(`${prefix}${keyOf(entry.sequence)}`, { sequence: entry.sequence }),
        ),
        { kind: "delete", key: intentKey(intent.id), etag: open.etag },
      ]);
      return true;
    } catch (error) {
      const isTaken = error instanceof EntityExistsError || error instanceof EntityChangedError;
      if (isTaken || error instanceof EntityNotFoundError) return undefined;
      throw error;
    }
  }

  async function readForgotten(): Promise<number> {
    return sequenceOf(await table.get(TAIL));
  }

  /** With its index rows. False when another instance was faster. */
  async function forget(entry: ActivityEntry, tail: StoredEntity | undefined): Promise<boolean> {
    const next = { ...TAIL, properties: { sequence: entry.sequence } };
    const rows = ["entry:", ...indexPrefixes(entry)].map((prefix) => `${prefix}${keyOf(entry.sequence)}`);
    try {
      await table.transact(PARTITION, [
        tail ? { kind: "replace", entity: next, etag: tail.etag } : { kind: "insert", entity: next },
        ...rows.map((rowKey) => ({ kind: "delete" as const, key: { partitionKey: PARTITION, rowKey } })),
      ]);
      return true;
    } catch (error) {
      const isTaken = error instanceof EntityExistsError || error instanceof EntityChangedError;
      if (isTaken || error instanceof EntityNotFoundError) return false;
      throw error;
    }
  }

  return {
    async intend(intent) {
      try {
        await table.insert({ ...intentKey(intent.id), properties: { record: JSON.stringify(intent) } });
      } catch (error) {
        // The id is new: what is there is this very intent, stored by a write whose reply got lost.
        if (!(error instanceof EntityExistsError)) throw error;
      }
    },
    async forget(intentId) {
      try {
        await table.delete(intentKey(intentId));
      } catch (error) {
        if (!(error instanceof EntityNotFoundError)) throw error;
      }
    },
    async settle(intent, ending) {
      for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
        const isSettled = await trySettle(intent, ending);
        if (isSettled !== undefined) return isSettled;
      }
      throw new Error(`Others were faster ${MOST_ATTEMPTS} times in a row to add an entry to the activity.`);
    },
    async listIntents(limit) {
      const page = await table.list({ partitionKey: PARTITION, fromRowKey: "intent:", toRowKey: "intent;", limit });
      return page.entities.map((entity) => parseRecord<ActivityIntent>(entity));
    },
    readNewestSequence,
    read,
    async readAfter(asked, limit) {
      const [newest, forgotten] = await Promise.all([readNewestSequence(), readForgotten()]);
      const sequence = Math.max(asked, forgotten);
      const last = Math.min(sequence + limit, newest);
      if (last <= sequence) return [];
      const page = await table.list({
        partitionKey: PARTITION,
        fromRowKey: `entry:${keyOf(last)}`,
        toRowKey: `entry:${keyOf(sequence)}`,
        limit,
      });
      return page.entities.map((entity) => parseRecord<ActivityEntry>(entity)).toReversed();
    },
    async forgetBefore(beforeMs, limit) {
      for (let count = 0; count < limit; count++) {
        const tail = await table.get(TAIL);
        const entry = await read(sequenceOf(tail) + 1);
        if (!entry || Date.parse(entry.at) >= beforeMs || !(await forget(entry, tail))) return count;
      }
      return limit;
    },
    async list(filter, { limit, after }) {
      const newestSequence = await readNewestSequence();
      const prefix = narrowestPrefix(filter);
      const entries: ActivityEntry[] = [];
      let endCursor = after;
      for (let looked = 0; looked < MOST_LOOKED_THROUGH;) {
        const page = await table.list({
          partitionKey: PARTITION,
          // Keys fall as sequences rise: the next older one begins one key further.
          fromRowKey: endCursor === undefined ? prefix : `${prefix}${keyOf(endCursor - 1)}`,
          toRowKey: `${prefix.slice(0, -1)};`,
          limit: Math.min(limit + 1, ROWS_PER_READ),
        });
        const found = await Promise.all(page.entities.map((row) => toEntry(row, read)));
        for (const entry of found) {
          if (!entry) continue;
          const fits = isMatch(entry, filter);
          if (fits && entries.length === limit) return { entries, hasNextPage: true, endCursor, newestSequence };
          endCursor = entry.sequence;
          if (fits) entries.push(entry);
        }
        if (page.continuation === undefined) return { entries, hasNextPage: false, endCursor, newestSequence };
        looked += page.entities.length;
      }
      return { entries, hasNextPage: true, endCursor, newestSequence };
    },
  };
}

function keyOf(sequence: number): string {
  return String(LAST_SEQUENCE - sequence).padStart(13, "0");
}

function intentKey(id: string): EntityKey {
  return { partitionKey: PARTITION, rowKey: `intent:${id}` };
}

function insertion(rowKey: string, properties: Readonly<Record<string, string | number>>): EntityChange {
  return { kind: "insert", entity: { partitionKey: PARTITION, rowKey, properties } };
}

function indexPrefixes(entry: ActivityEntry): readonly string[] {
  return [
    actionPrefix(entry.action),
    viewerPrefix(entry.viewerId),
    ...(isAccess(entry.action) ? [ACCESS_PREFIX] : []),
    ...[...subjectsOf(entry)].map((id) => aboutPrefix(id)),
  ];
}

/** The rows to go through: those of what is likely to be rarest. */
function narrowestPrefix({ aboutId, viewerId, action, scope }: ActivityFilter): string {
  if (aboutId !== undefined) return aboutPrefix(aboutId);
  if (viewerId !== undefined) return viewerPrefix(viewerId);
  if (action !== undefined) return actionPrefix(action);
  return scope === "ACCESS" ? ACCESS_PREFIX : "entry:";
}

const ACCESS_PREFIX = "access:";
const actionPrefix = (action: string): string => `action:${action}:`;
const viewerPrefix = (viewerId: string): string => `viewer:${hash(viewerId)}:`;
const aboutPrefix = (id: string): string => `about:${hash(id)}:`;

/** Ids hold characters that keys may not. */
function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

async function toEntry(
  row: StoredEntity,
  read: (sequence: number) => Promise<ActivityEntry | undefined>,
): Promise<ActivityEntry | undefined> {
  return row.properties["record"] === undefined ? read(sequenceOf(row)) : parseRecord<ActivityEntry>(row);
}

function sequenceOf(entity: StoredEntity | undefined): number {
  return Number(entity?.properties["sequence"] ?? 0);
}

function parseRecord<T>(entity: StoredEntity): T {
  return JSON.parse(String(entity.properties["record"])) as T;
}
