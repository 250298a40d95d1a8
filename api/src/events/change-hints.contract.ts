import { describe, expect, onTestFinished, test } from "vitest";
import type { ChangeHint, ChangeHints } from "./change-hints.ts";

export interface ChangeHintsUnderTest {
  readonly hints: ChangeHints;
  /** What was reported as a failed listener. */
  readonly errors: readonly { readonly error: unknown; readonly topic: string }[];
  /** Resolves when what was published has reached the listeners. */
  delivered(): Promise<void>;
  close(): Promise<void>;
}

/** What every adapter of the change hints must do; each adapter's test calls it. */
export function describeChangeHints(name: string, open: () => Promise<ChangeHintsUnderTest>): void {
  async function openHints() {
    const opened = await open();
    onTestFinished(() => opened.close());
    const listen = (topic: string) => {
      const heard: ChangeHint[] = [];
      const stop = opened.hints.subscribe(topic, (hint) => heard.push(hint));
      return { heard, stop };
    };
    return { ...opened, listen };
  }

  describe(`change hints: ${name}`, () => {
    test("tells every listener of the topic, in order, and none of another", async () => {
      const { hints, delivered, listen } = await openHints();
      const one = listen("provision:1");
      const two = listen("provision:1");
      const other = listen("provision:10");
      hints.publish("provision:1", { sequence: 1 });
      hints.publish("provision:1", { sequence: 2, state: { percent: 40 } });
      await delivered();
      const expected = [{ sequence: 1 }, { sequence: 2, state: { percent: 40 } }];
      expect([one.heard, two.heard, other.heard]).toEqual([expected, expected, []]);
    });

    test("tells nothing to a listener that has left, also when it leaves twice, and the others all the same", async () => {
      const { hints, delivered, listen } = await openHints();
      const leaving = listen("topic");
      const staying = listen("topic");
      leaving.stop();
      leaving.stop();
      hints.publish("topic", { sequence: 1 });
      await delivered();
      expect([leaving.heard, staying.heard]).toEqual([[], [{ sequence: 1 }]]);
    });

    test("tells a function that listens twice twice, until each has left", async () => {
      const { hints, delivered } = await openHints();
      const heard: number[] = [];
      const listener = (hint: ChangeHint): void => void heard.push(hint.sequence);
      const stopFirst = hints.subscribe("topic", listener);
      const stopSecond = hints.subscribe("topic", listener);
      hints.publish("topic", { sequence: 1 });
      await delivered();
      stopFirst();
      hints.publish("topic", { sequence: 2 });
      await delivered();
      stopSecond();
      hints.publish("topic", { sequence: 3 });
      await delivered();
      expect(heard).toEqual([1, 1, 2]);
    });

    test("tells whoever joins after everybody had left", async () => {
      const { hints, delivered, listen } = await openHints();
      const before = listen("topic");
      before.stop();
      const after = listen("topic");
      before.stop();
      hints.publish("topic", { sequence: 1 });
      await delivered();
      expect(after.heard).toEqual([{ sequence: 1 }]);
    });

    test("reports a listener that throws, tells the others, and throws nothing at the writer", async () => {
      const { hints, delivered, errors, listen } = await openHints();
      hints.subscribe("topic", () => {
        throw new Error("broken listener");
      });
      const other = listen("topic");
      hints.publish("topic", { sequence: 1 });
      await delivered();
      expect(other.heard).toEqual([{ sequence: 1 }]);
      expect(errors).toEqual([{ error: expect.objectContaining({ message: "broken listener" }), topic: "topic" }]);
    });

    test("lets a listener leave while it is told", async () => {
      const { hints, delivered, listen } = await openHints();
      const heard: number[] = [];
      const stop = hints.subscribe("topic", (hint) => {
        heard.push(hint.sequence);
        stop();
      });
      const other = listen("topic");
      hints.publish("topic", { sequence: 1 });
      hints.publish("topic", { sequence: 2 });
      await delivered();
      expect([heard, other.heard.length]).toEqual([[1], 2]);
    });
  });
}
