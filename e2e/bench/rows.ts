import { setTimeout as wait } from "node:timers/promises";
import { ROW_SOURCE } from "../fixtures/row-changes.ts";
import { startStack } from "../fixtures/stack.ts";
import { type BareChromium, startBareChromium } from "./bare-chromium.ts";
import { median } from "./figures.ts";

/**
 * `pnpm bench rows [rows]`: the processor time of Chromium's renderer, and of the process that puts its pictures together, while so many rows of the
 * cluster table change every second, while one of them does, and while none does; then the same in a tab behind another one.
 */
const ROWS = Number(process.argv[3] ?? 200);
const ROUNDS = 3;
const SECONDS = 10;

/** How many clusters the page's table has; of a long one it renders those in view alone, and says how many there are. */
const ROWS_SHOWN = `[...document.querySelectorAll("table")]
  .filter((table) => table.caption?.textContent === "Clusters")
  .reduce((count, table) => count + (Number(table.getAttribute("aria-rowcount")) || table.rows.length) - 1, 0)`;

async function until(tab: BareChromium, expression: string): Promise<void> {
  while (!(await tab.evaluate<boolean>(expression))) await wait(100);
}

async function changeFor(tab: BareChromium, rows: number): Promise<void> {
  for (let second = 0; second < SECONDS; second++) {
    await tab.evaluate(`window.changeRows(${rows})`);
    await wait(1_000);
  }
}

async function measure(tab: BareChromium): Promise<void> {
  const counts = [0, 1, ROWS];
  const renderers = new Map<number, number[]>(counts.map((count) => [count, []]));
  const gpu = new Map<number, number[]>(counts.map((count) => [count, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const count of counts) {
      const before = await tab.processorTime();
      await changeFor(tab, count);
      const after = await tab.processorTime();
      renderers.get(count)?.push(((after.renderers - before.renderers) / SECONDS) * 100);
      gpu.get(count)?.push(((after.gpu - before.gpu) / SECONDS) * 100);
    }
  const seen = await tab.evaluate<string>("document.visibilityState");
  for (const count of counts)
    process.stdout.write(
      `${seen}: ${count} rows change every second: ${median(renderers.get(count) ?? [])} % of a core to render, ${median(gpu.get(count) ?? [])} % to compose\n`,
    );
}

const stack = await startStack({ speed: 1 });
const tab = await startBareChromium();
try {
  await tab.open(`${stack.webUrl}/`, ROW_SOURCE);
  await until(tab, "window.canChangeRows === true");
  await tab.evaluate(`window.changeRows(${ROWS})`);
  await until(tab, `${ROWS_SHOWN} >= ${ROWS}`);
  await measure(tab);
  await tab.hide();
  await until(tab, 'document.visibilityState === "hidden"');
  await measure(tab);
} finally {
  await tab.close();
  await stack.stop();
}
