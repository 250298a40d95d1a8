import { createManualClock } from "../shared/clock.ts";
import { createMemoryMessageQueue } from "./memory-message-queue.fixture.ts";
import { describeMessageQueue } from "./message-queue.contract.ts";

describeMessageQueue("in memory, as tests use it", async () => {
  const clock = createManualClock();
  return { queue: createMemoryMessageQueue(clock), pass: (ms) => clock.advance(ms), close: async () => {} };
});
