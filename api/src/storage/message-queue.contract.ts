import { describe, expect, onTestFinished, test } from "vitest";
import { MessageGoneError, type MessageQueue } from "./message-queue.ts";

export interface MessageQueueUnderTest {
  readonly queue: MessageQueue;
  /** Lets that much of the queue's time pass. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const HIDDEN_MS = 10_000;

/** What every message queue must do; each adapter's test calls it. */
export function describeMessageQueue(name: string, open: () => Promise<MessageQueueUnderTest>): void {
  async function openQueue() {
    const opened = await open();
    onTestFinished(() => opened.close());
    const texts = async (): Promise<readonly string[]> =>
      (await opened.queue.receive(32, HIDDEN_MS)).map(({ text }) => text).sort();
    return { ...opened, texts };
  }

  describe(`message queue: ${name}`, () => {
    test("hands each message out once, letter by letter, while it is hidden", async () => {
      const { queue, texts } = await openQueue();
      const sent = ["a|b", "<x>&\"'", "ümlaut \u0007"].sort();
      for (const text of sent) await queue.send(text, 0);
      expect([await texts(), await texts()]).toEqual([sent, []]);
    });

    test("hands out no more than asked for", async () => {
      const { queue } = await openQueue();
      for (const text of ["a", "b", "c"]) await queue.send(text, 0);
      expect(await queue.receive(2, HIDDEN_MS)).toHaveLength(2);
      expect(await queue.receive(2, HIDDEN_MS)).toHaveLength(1);
    });

    test("hides a sent message for as long as its sender said", async () => {
      const { queue, texts, pass } = await openQueue();
      await queue.send("later", 3_000);
      await pass(2_000);
      expect(await texts()).toEqual([]);
      await pass(1_500);
      expect(await texts()).toEqual(["later"]);
    });

    test("shows a message again when its holder neither hides nor deletes it in time", async () => {
      const { queue, texts, pass } = await openQueue();
      await queue.send("again", 0);
      await queue.receive(1, HIDDEN_MS);
      await pass(HIDDEN_MS + 500);
      expect(await texts()).toEqual(["again"]);
    });

    test.each(["sender", "receiver"])("lets its %s hide, show and delete it", async (holder) => {
      const { queue, texts, pass } = await openQueue();
      const sent = await queue.send("held", holder === "sender" ? HIDDEN_MS : 0);
      const [received] = await queue.receive(1, HIDDEN_MS);
      let hold = await queue.hide(received ?? sent, 20_000);
      await pass(15_000);
      expect(await texts()).toEqual([]);
      hold = await queue.hide(hold, 0);
      expect(await texts()).toEqual(["held"]);
      await expect(queue.delete(hold)).rejects.toBeInstanceOf(MessageGoneError);
      await pass(HIDDEN_MS + 500);
      const [last] = await queue.receive(1, HIDDEN_MS);
      if (last) await queue.delete(last);
      await pass(HIDDEN_MS + 500);
      expect(await texts()).toEqual([]);
    });

    test("says that a message is gone that somebody else has received, or that is deleted", async () => {
      const { queue, pass } = await openQueue();
      await queue.send("taken", 0);
      const [first] = await queue.receive(1, 1_000);
      await pass(1_500);
      const [second] = await queue.receive(1, HIDDEN_MS);
      if (!first || !second) throw new Error("It was not handed out.");
      await expect(queue.hide(first, HIDDEN_MS)).rejects.toBeInstanceOf(MessageGoneError);
      await queue.delete(second);
      await expect(queue.hide(second, HIDDEN_MS)).rejects.toBeInstanceOf(MessageGoneError);
    });

    test("keeps a message for longer than the seven days after which the service would drop it", async () => {
      const { queue, texts, pass } = await openQueue();
      await queue.send("old", 0);
      await pass(30 * 24 * 3_600_000);
      expect(await texts()).toEqual(["old"]);
    });
  });
}
