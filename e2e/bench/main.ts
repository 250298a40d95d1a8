/** `pnpm bench <name>`: each measures one promise of the product and prints what it found. What was found: docs/performance.md. */
const BENCHES: Readonly<Record<string, { readonly says: string; readonly run: () => Promise<unknown> }>> = {
  paint: { says: "from an observation on the server to the paint in Chromium", run: () => import("./paint.ts") },
  provisions: {
    says: "a hundred provisions at once against Azure's limits [how many] [speed]",
    run: () => import("./provisions.ts"),
  },
  workers: {
    says: "provisions a minute with one, two and four workers on Azurite [provisions] [speed]",
    run: () => import("./workers.ts"),
  },
  registry: { says: "a registry of 5,000 repositories", run: () => import("./large-registry.ts") },
  restart: {
    says: "a server restarted and killed under a thousand open pages [watchers]",
    run: () => import("./restart.ts"),
  },
  log: { says: "a build's log of fifty thousand lines in Chromium", run: () => import("./log.ts") },
  rows: { says: "two hundred rows that change every second in Chromium [rows]", run: () => import("./rows.ts") },
  memory: {
    says: "what a subscriber, an hour of updates and a stalled tab cost [readers]",
    run: () => import("./memory.ts"),
  },
  guards: {
    says: "what sign-in and limits cost a query and a subscription [rounds]",
    run: () => import("./guards.ts"),
  },
  "fan-out": { says: "what a delivery costs the server [readers …]", run: () => import("./fan-out/main.ts") },
};

const bench = BENCHES[process.argv[2] ?? ""];
if (bench) await bench.run();
else {
  const rows = Object.entries(BENCHES).map(([name, { says }]) => `  pnpm bench ${name.padEnd(12)}${says}`);
  process.stdout.write(`Which one?\n${rows.join("\n")}\n`);
  process.exitCode = 1;
}
