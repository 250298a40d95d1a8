import type { AnyJobImplementation, GiveUpReason, JobLook, JobMove, RetryReason } from "./define-job.ts";
import { formatJobRef } from "./job.ts";

/** What there is to know of a look that has come to its end. */
export interface LookFacts {
  readonly job: string;
  readonly step: string;
  /** Milliseconds that the look took, without storing its move. */
  readonly durationMs: number;
  /** Why it is made again although it was to get on; undefined when it got what it asked for. */
  readonly retry: RetryReason | "defect" | undefined;
}

/** Which look it is, of which job. */
export interface LookAt {
  /** Name of the job's definition. */
  readonly job: string;
  readonly step: string;
  readonly jobId: string;
  /** What the job is done for. */
  readonly origin: string | undefined;
}

/** Told of what happens to jobs; must not throw. */
export interface JobObserver {
  /** Runs a look: for whoever wants it to run within something, such as the job's id in each line of the log. */
  around<T>(look: LookAt, run: () => Promise<T>): Promise<T>;
  looked(facts: LookFacts): void;
  /** A final state was stored. */
  finished(look: LookAt, state: "SUCCEEDED" | "FAILED" | "CANCELED"): void;
  gaveUp(job: string, reason: GiveUpReason["kind"]): void;
}

/** The same job with its looks told to an observer; the runner need not know. */
export function observeJob(
  kind: AnyJobImplementation,
  observer: JobObserver,
  monotonicMs: () => number,
): AnyJobImplementation {
  const job = kind.definition.name;

  /** A finish counts when it is stored: a move may be refused, or made again after a crash. */
  function tellFinish(at: LookAt, move: JobMove<unknown>): JobMove<unknown> {
    if (move.kind !== "finish") return move;
    return {
      ...move,
      changes: async () => {
        const made = await move.changes?.();
        return {
          changes: made?.changes ?? [],
          stored() {
            observer.finished(at, move.state);
            made?.stored?.();
          },
        };
      },
    };
  }

  function lookAt({ ref, origin }: JobLook<unknown, unknown>, step: string): LookAt {
    return { job, step, jobId: formatJobRef(ref), origin };
  }

  async function observe(look: JobLook<unknown, unknown>, step: AnyJobImplementation["steps"][number]) {
    const at = lookAt(look, step.name);
    const startMs = monotonicMs();
    const tell = (retry: LookFacts["retry"]): void =>
      observer.looked({ job, step: step.name, durationMs: monotonicMs() - startMs, retry });
    try {
      const move = await observer.around(at, () => step.run(look));
      tell(move.kind === "again" ? move.retry : undefined);
      return tellFinish(at, move);
    } catch (error) {
      // Those that are cut off because the process ends are no failures.
      if (!look.signal.aborted) tell("defect");
      throw error;
    }
  }

  return {
    ...kind,
    steps: kind.steps.map((step) => ({ name: step.name, run: (look) => observe(look, step) })),
    async giveUp(look, reason) {
      const move = tellFinish(lookAt(look, "give up"), await kind.giveUp(look, reason));
      observer.gaveUp(job, reason.kind);
      return move;
    },
  };
}
