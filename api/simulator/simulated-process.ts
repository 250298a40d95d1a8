import { type Clock, sleepBySchedule } from "../src/shared/clock.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What becomes of one call of a port. */
export interface CallFate {
  /**
   * - `refuse`: it takes no effect and the caller is told so;
   * - `lose-reply`: it takes effect and the caller is told that it failed;
   * - `repeat`: it takes effect, the reply is lost, and the client repeats it as it was;
   * - `die-before`, `die-after`: the process ends before or after it takes effect;
   * - `pause-before`, `pause-after`: the process stands still for `pauseMs`, with the request unsent, or sent.
   */
  readonly kind:
    | "ok"
    | "refuse"
    | "lose-reply"
    | "repeat"
    | "die-before"
    | "die-after"
    | "pause-before"
    | "pause-after";
  readonly requestMs: number;
  readonly replyMs: number;
  readonly pauseMs: number;
}

export type PortName = "table" | "queue" | "azure";

export interface PortCall<T> {
  readonly port: PortName;
  /** For the trace and for faults that pick their victims. */
  readonly what: string;
  readonly isWrite: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Takes place at one moment, after the request has travelled. What it throws travels back as the answer. */
  readonly effect: () => T;
  /** What the caller is told when it took no effect, and when nobody knows. */
  readonly refusal: () => Error;
  readonly lostReply: () => Error;
}

/**
 * One life of a process. State: running ⇄ paused → dead, for good. It touches the world through `call` and `clock` alone, so
 * that what is dead can't do anything any more, and what is paused goes on later as after SIGSTOP and SIGCONT: what was being
 * sent is sent, then its overdue timers run, then it reads the replies that have come meanwhile.
 */
export interface SimulatedProcess {
  readonly name: string;
  readonly clock: Clock;
  isRunning(): boolean;
  isDead(): boolean;
  kill(): void;
  pause(forMs: number): void;
  resume(): void;
  call<T>(call: PortCall<T>): Promise<T>;
}

export interface ProcessDeps {
  readonly time: VirtualTime;
  /** Virtual epoch of this process: its own clock may be wrong. */
  readonly epochMs: () => number;
  readonly decide: (process: SimulatedProcess, call: PortCall<unknown>) => CallFate;
  /** Whether a request that was on its way when its process died arrives all the same. */
  readonly arrivesAfterDeath: () => boolean;
  readonly trace: (line: () => string) => void;
  readonly onChange: (process: SimulatedProcess) => void;
}

/** Each wait has a promise of its own: one for all would hold whatever has ever waited for it, run after run. */
const never = (): Promise<never> => new Promise(() => {});

export function createSimulatedProcess(name: string, deps: ProcessDeps): SimulatedProcess {
  const { time, trace } = deps;
  const bootedAtMs = time.nowMs();
  let state: "running" | "paused" | "dead" = "running";
  const held = { requests: [] as (() => void)[], timers: [] as (() => void)[], replies: [] as (() => void)[] };

  function deliver(kind: keyof typeof held, happen: () => void): void {
    if (state === "running") happen();
    else if (state === "paused") held[kind].push(happen);
  }

  function schedule(delayMs: number, task: () => void): () => void {
    let isTakenBack = false;
    const takeBack = time.at(delayMs, () => deliver("timers", () => isTakenBack || task()));
    return () => {
      isTakenBack = true;
      takeBack();
    };
  }

  const self: SimulatedProcess = {
    name,
    clock: {
      now: () => deps.epochMs() + time.nowMs(),
      monotonicMs: () => time.nowMs() - bootedAtMs,
      schedule,
      sleep: (delayMs, signal) => sleepBySchedule(schedule, delayMs, signal),
    },
    isRunning: () => state === "running",
    isDead: () => state === "dead",
    kill() {
      if (state === "dead") return;
      state = "dead";
      trace(() => `${name} dies`);
      deps.onChange(self);
    },
    pause(forMs) {
      if (state !== "running") return;
      state = "paused";
      trace(() => `${name} stands still for ${forMs} ms`);
      time.at(forMs, () => self.resume(), { isSilent: true });
      deps.onChange(self);
    },
    resume() {
      if (state !== "paused") return;
      state = "running";
      trace(() => `${name} goes on`);
      deps.onChange(self);
      for (const kind of ["requests", "timers", "replies"] as const)
        for (const happen of held[kind].splice(0)) time.at(0, () => deliver(kind, happen));
    },
    call(call) {
      if (state === "dead") return never();
      if (call.signal?.aborted) return Promise.reject(abortError());
      const fate = deps.decide(self, call);
      if (fate.kind === "die-before") {
        self.kill();
        return never();
      }
      if (fate.kind === "pause-before") self.pause(fate.pauseMs);
      return send(call, fate);
    },
  };

  function send<T>(call: PortCall<T>, fate: CallFate): Promise<T> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(abortError());
      call.signal?.addEventListener("abort", onAbort, { once: true });
      const reply = (answer: Answer<T>): void => {
        const read = (): void => {
          call.signal?.removeEventListener("abort", onAbort);
          if (answer.ok) resolve(answer.value);
          else reject(answer.error);
        };
        time.at(fate.replyMs, () => deliver("replies", read));
      };
      const arrive = (): void => {
        if (state === "dead" && !deps.arrivesAfterDeath()) return;
        const answer = takeEffect(call, fate.kind);
        trace(() => `${name} ${call.what} → ${describe(answer)}${fate.kind === "ok" ? "" : ` (${fate.kind})`}`);
        if (fate.kind === "die-after") self.kill();
        if (fate.kind === "pause-after") self.pause(fate.pauseMs);
        reply(answer);
      };
      const leave = (): void => void time.at(fate.requestMs, arrive, { isSilent: true });
      deliver("requests", leave);
    });
  }
  return self;
}

type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

function takeEffect<T>(call: PortCall<T>, kind: CallFate["kind"]): Answer<T> {
  if (kind === "refuse") return { ok: false, error: call.refusal() };
  const answer = attempt(call.effect);
  if (kind === "lose-reply") return { ok: false, error: call.lostReply() };
  return kind === "repeat" ? attempt(call.effect) : answer;
}

function attempt<T>(work: () => T): Answer<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error };
  }
}

function describe(answer: Answer<unknown>): string {
  return answer.ok ? "ok" : answer.error instanceof Error ? answer.error.name : "failed";
}

function abortError(): Error {
  return Object.assign(new Error("The operation was aborted."), { name: "AbortError" });
}
