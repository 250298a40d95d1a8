import { expect, test as base } from "vitest";
import { startSlipway, type Slipway, type SlipwayOptions } from "./harness.ts";

/** What this process holds open: sockets, servers, child processes. */
function openHandles(): Readonly<Record<string, number>> {
  const counted = ["TCPSocketWrap", "TCPServerWrap", "ProcessWrap"];
  const open = process.getActiveResourcesInfo();
  return Object.fromEntries(counted.map((kind) => [kind, open.filter((one) => one === kind).length]));
}

interface Fixtures {
  /** Starts a whole Slipway; several may run. Each is stopped after the test, which fails when anything of it is left. */
  readonly start: (options?: SlipwayOptions) => Promise<Slipway>;
  readonly slipway: Slipway;
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads the names of what is destructured
  start: async ({}, use) => {
    const before = openHandles();
    const started: Slipway[] = [];
    await use(async (options) => {
      const slipway = await startSlipway(options);
      started.push(slipway);
      return slipway;
    });
    for (const slipway of started) await slipway.stop();
    const isAsBefore = () => Object.entries(openHandles()).every(([kind, count]) => count <= (before[kind] ?? 0));
    await expect.poll(isAsBefore, { message: "nothing of the test is left open", timeout: 30_000 }).toBe(true);
    const defects = started.flatMap(({ log }) => log.filter(({ level }) => level === "error" || level === "fatal"));
    expect(defects, "no unexpected error was logged").toEqual([]);
  },
  slipway: async ({ start }, use) => {
    await use(await start());
  },
});
