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
