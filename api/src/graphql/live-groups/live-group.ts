import type { LiveStream } from "../../events/live-stream.ts";
import { toGenerator } from "../../events/to-generator.ts";
import { drained, hasRoomFor, isEmpty, writeFrame, type FrameSink } from "./frame-sink.ts";
import { toFrameHead, type FrameHead, type FrameTail } from "./frame-writer.ts";
import { createTurns } from "./turns.ts";

/** Forgetting what was passed on costs nothing but a comparison too many. */
const MOST_PASSED = 20_000;
/** So long does a frame that was made serve those who join or catch up: what it says of elapsed times is no older. */
const FRAME_SERVES_MS = 1_000;

/** Those who are shown the same: one source, one execution and one serialisation for each change, however many they are. */
export interface LiveGroup {
  /**
   * Adds a member, who is written the state now, as what it has opened for itself gives it, and then each change. The returned generator yields nothing: it ends when the
   * source has ended, rejects when the source failed, and its `return()` leaves the group.
   */
  join(
    operationId: string,
    sink: FrameSink,
    opened: Pick<LiveStream<unknown>, "current">,
  ): AsyncGenerator<never, void, undefined>;
  readonly size: number;
}

/**
 * A member is live (`backlog` undefined: changes are written as they come) or has a backlog: the newest record by key that it
 * still has to get, because it has just joined or because its socket is full. What is in the backlog is overtaken, not queued.
 */
interface Member {
  readonly head: FrameHead;
  readonly sink: FrameSink;
  backlog: Map<string, unknown> | undefined;
  /** Versions of its snapshot that the group has not passed on yet, and must not pass on to it again. */
  ahead: Map<string, number> | undefined;
  isLeft: boolean;
  leave(error?: unknown): void;
}

/**
 * State: running from the first member until the last has left (`onEnd`, and the source is closed) or the source has ended
 * (members with a backlog get it first). The first member is live at once, because the source begins with the state now;
 * later ones read that for themselves, several who join together by one read that begins after all of them have joined.
 */
export function createLiveGroup(options: {
  readonly source: LiveStream<unknown>;
  /** Executes the subscription for one record; called for one at a time. Rejects when the execution is over. */
  readonly execute: (record: unknown) => Promise<FrameTail>;
  /** What members are told of an error of the source. */
  readonly maskError: (error: unknown) => Error;
  /** A change has been written to all members that take what they are sent; `toldMs` is the stream's. */
  readonly onDelivered?: ((toldMs: number) => void) | undefined;
  /** Nobody may join any more. */
  readonly onEnd: () => void;
  /** The last member has left: the execution is needed no longer. */
  readonly onEmpty: () => void;
}): LiveGroup {
  const { source } = options;
  const members = new Set<Member>();
  /** Newest version by key that every member has been offered. */
  const passed = new Map<string, number>();
  const frames = new Map<string, { readonly version: number; readonly tail: FrameTail; readonly madeMs: number }>();
  const inTurn = createTurns();
  let catchingUp = 0;
  let newest: Pick<LiveStream<unknown>, "current"> = source;
  let nextRead: Promise<readonly unknown[]> | undefined;
  let runningRead: Promise<unknown> = Promise.resolve();
  let hasEnded = false;
  let isClosed = false;

  function render(record: unknown): Promise<FrameTail> {
    return inTurn(async () => {
      const key = source.keyOf(record);
      const version = source.versionOf(record);
      const made = frames.get(key);
      if (made?.version === version && performance.now() - made.madeMs < FRAME_SERVES_MS) return made.tail;
      const tail = await options.execute(record);
      if (catchingUp > 0) frames.set(key, { version, tail, madeMs: performance.now() });
      return tail;
    });
  }

  async function run(): Promise<void> {
    try {
      for await (const record of source) {
        const tail = await render(record);
        const key = source.keyOf(record);
        const version = source.versionOf(record);
        if (passed.size > MOST_PASSED) passed.clear();
        passed.set(key, version);
        for (const member of members) offer(member, { key, version, record, tail });
        const toldMs = source.toldMs(record);
        if (toldMs !== undefined) options.onDelivered?.(toldMs);
      }
      hasEnded = true;
      for (const member of members) if (!member.backlog) member.leave();
    } catch (error) {
      if (isClosed) return;
      const masked = options.maskError(error);
      for (const member of members) member.leave(masked);
    } finally {
      close();
    }
  }

  function offer(member: Member, change: Change): void {
    const { key, version } = change;
    const ahead = member.ahead?.get(key);
    if (ahead !== undefined) {
      if (version >= ahead) member.ahead?.delete(key);
      if (version <= ahead) return;
    }
    if (member.backlog) {
      // Deleted first, so that the newest change comes last.
      member.backlog.delete(key);
      member.backlog.set(key, change.record);
    } else if (hasRoomFor(member.sink, member.head, change.tail)) {
      writeFrame(member.sink, member.head, change.tail);
    } else {
      member.backlog = new Map([[key, change.record]]);
      void catchUp(member, member.backlog);
    }
  }

  async function catchUp(member: Member, backlog: Map<string, unknown>): Promise<void> {
    catchingUp++;
    try {
      while (!member.isLeft) {
        if (!isEmpty(member.sink)) {
          // Before a record is taken, so that it is the newest by then.
          await drained(member.sink);
          continue;
        }
        const next = backlog.entries().next();
        if (next.done) break;
        const [key, record] = next.value;
        backlog.delete(key);
        const tail = await render(record);
        if (!member.isLeft) writeFrame(member.sink, member.head, tail);
      }
      member.backlog = undefined;
      if (hasEnded) member.leave();
    } catch (error) {
      // The last to leave ends the execution, also one that is making a record for it.
      if (!member.isLeft) member.leave(options.maskError(error));
    } finally {
      catchingUp--;
      if (catchingUp === 0) frames.clear();
    }
  }

  /** One read for all who join while another runs: what the last of them sees. */
  function readCurrent(): Promise<readonly unknown[]> {
    nextRead ??= runningRead.then(() => {
      nextRead = undefined;
      const read = newest.current();
      runningRead = read.catch(() => undefined);
      return read;
    });
    return nextRead;
  }

  async function catchUpFromSnapshot(member: Member, backlog: Map<string, unknown>): Promise<void> {
    try {
      for (const record of await readCurrent()) {
        const key = source.keyOf(record);
        const version = source.versionOf(record);
        const queued = backlog.get(key);
        if (queued !== undefined && source.versionOf(queued) >= version) continue;
        backlog.set(key, record);
        if (version > (passed.get(key) ?? Number.NEGATIVE_INFINITY)) (member.ahead ??= new Map()).set(key, version);
      }
    } catch (error) {
      if (!member.isLeft) member.leave(options.maskError(error));
      return;
    }
    await catchUp(member, backlog);
  }

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    options.onEnd();
    void source.return();
  }

  return {
    get size() {
      return members.size;
    },
    join(operationId, sink, opened) {
      newest = opened;
      const isFirst = members.size === 0;
      const end = Promise.withResolvers<void>();
      // Nobody may be waiting yet; whoever does later is told.
      end.promise.catch(() => undefined);
      const member: Member = {
        head: toFrameHead(operationId),
        sink,
        backlog: isFirst ? undefined : new Map(),
        ahead: undefined,
        isLeft: false,
        leave(error) {
          if (member.isLeft) return;
          member.isLeft = true;
          members.delete(member);
          if (error === undefined) end.resolve();
          else end.reject(error);
          if (members.size > 0) return;
          close();
          options.onEmpty();
        },
      };
      members.add(member);
      if (isFirst) void run();
      else if (member.backlog) void catchUpFromSnapshot(member, member.backlog);
      return toGenerator<never>(
        async () => {
          await end.promise;
          return { done: true, value: undefined };
        },
        () => member.leave(),
      );
    },
  };
}

interface Change {
  readonly key: string;
  readonly version: number;
  readonly record: unknown;
  readonly tail: FrameTail;
}
