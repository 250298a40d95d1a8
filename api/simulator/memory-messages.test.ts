import { expect, test } from "vitest";
import { createManualClock } from "../src/shared/clock.ts";
import { describeMessageQueue } from "../src/storage/message-queue.contract.ts";
import { createMemoryMessages } from "./memory-messages.ts";

describeMessageQueue("the simulator's messages", async () => {
  const clock = createManualClock();
  const messages = createMemoryMessages(clock.now);
  return {
    queue: {
      send: async (text, hiddenMs) => messages.send(text, hiddenMs),
      receive: async (limit, hiddenMs) => messages.receive(limit, hiddenMs),
      hide: async (hold, hiddenMs) => messages.hide(hold, hiddenMs),
      delete: async (hold) => messages.delete(hold),
    },
    pass: (ms) => clock.advance(ms),
    close: async () => undefined,
  };
});

test("messages that are doubled again and again grow by one for each that was sent", () => {
  const messages = createMemoryMessages(() => 0);
  messages.send("a", 0);
  messages.send("b", 0);
  for (let times = 0; times < 20; times++) messages.double();
  expect(messages.receive(1_000, 1_000)).toHaveLength(2 + 20 * 2);
});
