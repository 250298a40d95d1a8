import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";

/** What the main thread of a page did during something. Milliseconds of its own processor time, which other work on the machine does not lengthen. */
export interface MainThread {
  readonly longestTaskMs: number;
  readonly tasksOver50Ms: number;
  readonly totalMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds on the thread's own clock. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Traces the renderer of `page` while `work` goes on. */
export async function watchMainThread(browser: Browser, page: Page, work: () => Promise<void>): Promise<MainThread> {
  const path = join(tmpdir(), `slipway-trace-${process.pid}.json`);
  await browser.startTracing(page, { path, categories: ["toplevel", "disabled-by-default-devtools.timeline"] });
  try {
    await work();
  } finally {
    await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(await readFile(path, "utf8")) as { traceEvents: readonly TraceEvent[] };
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents
    .filter(({ name, pid, tid, tdur }) => isTask(name) && tdur !== undefined && mains.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000);
  return {
    longestTaskMs: Math.round(Math.max(0, ...tasks)),
    tasksOver50Ms: tasks.filter((ms) => ms > 50).length,
    totalMs: Math.round(tasks.reduce((sum, ms) => sum + ms, 0)),
  };
}

function isTask(name: string): boolean {
  return name === "ThreadControllerImpl::RunTask" || name === "RunTask";
}
