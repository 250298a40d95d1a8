/** One thing that must work before this process may be sent requests. */
export interface ReadinessCheck {
  readonly name: string;
  /** Resolves when all is well; rejects with a message for operators. Aborted when it takes too long. */
  run(signal: AbortSignal): Promise<void>;
}

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  /** Why not; absent when `ok`. */
  readonly reason?: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly CheckResult[];
}

export interface Health {
  /** What `/readyz` answers: 200 when `ready`, else 503. Never rejects. */
  readiness(): Promise<Readiness>;
  /** Makes readiness false from now on, so that a proxy sends new requests elsewhere while this process drains. */
  beginShutdown(): void;
}

/** A check that hangs is a check that failed; probes themselves give up after a few seconds. */
const DEFAULT_TIMEOUT_MS = 2_000;

/** `/healthz` needs none of this: a process that answers at all is alive. */
export function createHealth(checks: readonly ReadinessCheck[], timeoutMs = DEFAULT_TIMEOUT_MS): Health {
  let isShuttingDown = false;
  return {
    async readiness() {
      const results = await Promise.all(checks.map((check) => runCheck(check, timeoutMs)));
      if (isShuttingDown) results.push({ name: "shutdown", ok: false, reason: "the process is shutting down" });
      return { ready: results.every((result) => result.ok), checks: results };
    },
    beginShutdown() {
      isShuttingDown = true;
    },
  };
}

async function runCheck(check: ReadinessCheck, timeoutMs: number): Promise<CheckResult> {
  const signal = AbortSignal.timeout(timeoutMs);
  const timedOut = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error(`no answer within ${timeoutMs} ms`)), { once: true });
  });
  try {
    // A check that throws at once must not leave the timeout without anyone who listens to it.
    await Promise.race([Promise.resolve().then(() => check.run(signal)), timedOut]);
    return { name: check.name, ok: true };
  } catch (error) {
    return { name: check.name, ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
