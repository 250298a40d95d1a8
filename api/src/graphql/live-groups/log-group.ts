import type { LogStream } from "../../events/log-stream.ts";
import { toGenerator } from "../../events/to-generator.ts";
import { drained, hasRoomFor, writeFrame, type FrameSink } from "./frame-sink.ts";
import { toFrameHead, type FrameTail } from "./frame-writer.ts";
import { createTurns } from "./turns.ts";

/** Readers of one log, each from a cursor of its own: one execution and one serialisation for each entry. */
export interface LogGroup {
  /**
   * Adds a member, who is written every entry that its own stream gives. The returned generator yields nothing: it ends with the
   * stream, rejects when the stream fails, and its `return()` leaves the group.
   */
  join(operationId: string, sink: FrameSink, stream: LogStream<object>): AsyncGenerator<never, void, undefined>;
  readonly size: number;
}

/**
 * State: members, and the frame of each entry for as long as a reader holds the entry. Those at the same position are given the
 * same object by the log, so they share its frame. A member whose socket is full takes no entry before it has drained.
 */
export function createLogGroup(options: {
  /** Executes the subscription for one entry; called for one at a time. */
  readonly execute: (entry: object) => Promise<FrameTail>;
  /** What a member is told of an error of its stream. */
  readonly maskError: (error: unknown) => Error;
  /** The last member has left: the execution is needed no longer, and nobody may join any more. */
  readonly onEmpty: () => void;
}): LogGroup {
  const frames = new WeakMap<object, Promise<FrameTail>>();
  const inTurn = createTurns();
  let size = 0;

  function render(entry: object): Promise<FrameTail> {
    const made = frames.get(entry) ?? inTurn(() => options.execute(entry));
    frames.set(entry, made);
    return made;
  }

  return {
    get size() {
      return size;
    },
    join(operationId, sink, stream) {
      const head = toFrameHead(operationId);
      let isLeft = false;
      size++;
      const leave = (): void => {
        if (isLeft) return;
        isLeft = true;
        void stream.return();
        size--;
        if (size === 0) options.onEmpty();
      };
      const writeAll = async (): Promise<void> => {
        for await (const entry of stream) {
          const tail = await render(entry);
          while (!hasRoomFor(sink, head, tail)) await drained(sink);
          if (isLeft) return;
          writeFrame(sink, head, tail);
        }
      };
      return toGenerator<never>(async () => {
        try {
          await writeAll();
          return { done: true, value: undefined };
        } catch (error) {
          // The last to leave ends the execution, also one that is making an entry for it.
          if (isLeft) return { done: true, value: undefined };
          throw options.maskError(error);
        } finally {
          leave();
        }
      }, leave);
    },
  };
}
