import { describe, expect, onTestFinished, test } from "vitest";
import type { JobHandler, JobQueue } from "./job-queue.ts";
import type { JobRef } from "./job.ts";

export interface JobQueueUnderTest {
  readonly queue: JobQueue;
  /** What the queue reported as a failed handler. */
  readonly errors: readonly unknown[];
  /** Lets that much of the queue's time pass and everything that is due then happen. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** What every job queue must do; each adapter's test calls it. */
export function describeJobQueue(name: string, open: () => Promise<JobQueueUnderTest>): void {
  const ref = (jobId: string): JobRef => ({ partitionKey: "partition", jobId });

  async function openQueue() {
    const opened = await open();
    onTestFinished(() => opened.close());
    const calls: string[] = [];
    const counting =
      (answer: JobHandler = async () => undefined): JobHandler =>
      (job) => {
        calls.push(job.jobId);
        return answer(job);
      };
    const count = (jobId: string): number => calls.filter((call) => call === jobId).length;
    return { ...opened, calls, counting, count };
  }

  describe(`job queue: ${name}`, () => {
    test("hands a message to the consumer with the whole reference of its job", async () => {
      const { queue, pass } = await openQueue();
      const refs: JobRef[] = [];
      queue.consume(async (job) => void refs.push(job), { concurrency: 4 });
      await queue.enqueue({ partitionKey: "provision-1|x", jobId: "create" }, 0);
      await pass(100);
      expect(refs).toEqual([{ partitionKey: "provision-1|x", jobId: "create" }]);
    });

    test("keeps what was sent before there was a consumer", async () => {
      const { queue, pass, calls, counting } = await openQueue();
      await queue.enqueue(ref("a"), 0);
      await pass(100);
      queue.consume(counting(), { concurrency: 4 });
      await pass(100);
      expect(calls).toEqual(["a"]);
    });

    test("hides a message until its delay is over", async () => {
      const { queue, pass, calls, counting } = await openQueue();
      queue.consume(counting(), { concurrency: 4 });
      await queue.enqueue(ref("a"), 10_000);
      await pass(9_000);
      expect(calls).toEqual([]);
      await pass(2_000);
      expect(calls).toEqual(["a"]);
    });

    test("lets an earlier message overtake one for the same job that is due later", async () => {
      const { queue, pass, count, counting } = await openQueue();
      queue.consume(counting(), { concurrency: 4 });
      await queue.enqueue(ref("a"), 60_000);
      await queue.enqueue(ref("a"), 1_000);
      await pass(2_000);
      expect(count("a")).toBe(1);
    });

    test("lets a message stand that is due earlier than a new one", async () => {
      const { queue, pass, count, counting } = await openQueue();
      queue.consume(counting(), { concurrency: 4 });
      await queue.enqueue(ref("a"), 1_000);
      await queue.enqueue(ref("a"), 60_000);
      await pass(2_000);
      expect(count("a")).toBe(1);
    });

    test("brings the message again when its handler wishes, and not otherwise", async () => {
      const { queue, pass, count, counting } = await openQueue();
      let rounds = 3;
      queue.consume(
        counting(async () => (--rounds > 0 ? { againAfterMs: 1_000 } : undefined)),
        { concurrency: 4 },
      );
      await queue.enqueue(ref("a"), 0);
      await pass(100);
      expect(count("a")).toBe(1);
      await pass(1_100);
      expect(count("a")).toBe(2);
      await pass(120_000);
      expect(count("a")).toBe(3);
    });

    test("reports a handler that throws and brings its message again", async () => {
      const { queue, pass, errors, count, counting } = await openQueue();
      let fails = true;
      queue.consume(
        counting(async () => {
          if (fails) throw new Error("broken once");
          return undefined;
        }),
        { concurrency: 4 },
      );
      await queue.enqueue(ref("a"), 0);
      await pass(100);
      expect(errors).toEqual([expect.objectContaining({ message: "broken once" })]);
      fails = false;
      await pass(60_000);
      expect(count("a")).toBe(2);
    });

    test("never runs two handlers of one job at once, and loses no message that came while one ran", async () => {
      const { queue, pass, count, counting } = await openQueue();
      const first = Promise.withResolvers<undefined>();
      let rounds = 0;
      queue.consume(
        counting(() => (rounds++ === 0 ? first.promise : Promise.resolve(undefined))),
        { concurrency: 4 },
      );
      await queue.enqueue(ref("a"), 0);
      await pass(100);
      await queue.enqueue(ref("a"), 0);
      await pass(1_000);
      expect(count("a")).toBe(1);
      first.resolve(undefined);
      await pass(1_000);
      expect(count("a")).toBe(2);
    });

    test("prefers a message that came while the handler ran over the handler's later wish", async () => {
      const { queue, pass, count, counting } = await openQueue();
      const first = Promise.withResolvers<{ againAfterMs: number }>();
      let rounds = 0;
      queue.consume(
        counting(() => (rounds++ === 0 ? first.promise : Promise.resolve(undefined))),
        { concurrency: 4 },
      );
      await queue.enqueue(ref("a"), 0);
      await pass(100);
      await queue.enqueue(ref("a"), 0);
      first.resolve({ againAfterMs: 600_000 });
      await pass(2_000);
      expect(count("a")).toBe(2);
    });

    test("runs at most as many handlers at once as allowed, and each waiting message as a place gets free", async () => {
      const { queue, pass, calls, counting } = await openQueue();
      const gates = new Map(["a", "b", "c"].map((id) => [id, Promise.withResolvers<undefined>()]));
      queue.consume(
        counting((job) => gates.get(job.jobId)?.promise ?? Promise.resolve(undefined)),
        { concurrency: 2 },
      );
      for (const id of gates.keys()) await queue.enqueue(ref(id), 0);
      await pass(1_000);
      expect(calls).toHaveLength(2);
      gates.get(calls[0] ?? "")?.resolve(undefined);
      await pass(1_000);
      expect([...calls].sort()).toEqual(["a", "b", "c"]);
      for (const gate of gates.values()) gate.resolve(undefined);
    });

    test("stops after the running handlers have ended, and takes no new message meanwhile", async () => {
      const { queue, pass, calls, counting } = await openQueue();
      const first = Promise.withResolvers<undefined>();
      const consumer = queue.consume(
        counting(() => first.promise),
        { concurrency: 1 },
      );
      await queue.enqueue(ref("a"), 0);
      await pass(100);
      await queue.enqueue(ref("b"), 0);
      let stopped = false;
      const stopping = consumer.stop().then(() => (stopped = true));
      await pass(1_000);
      expect(stopped).toBe(false);
      first.resolve(undefined);
      await stopping;
      await pass(60_000);
      expect(calls).toEqual(["a"]);
    });
  });
}
