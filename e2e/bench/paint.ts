import { chromium } from "@playwright/test";
import { chromiumLaunchOptions } from "../fixtures/chromium.ts";
import { startStack } from "../fixtures/stack.ts";
import { median, summarise } from "./figures.ts";
import type { PaintSample } from "./paint-recorder.ts";
import { runProvision } from "./provision-run.ts";
import { measureRawFloor } from "./raw-floor.ts";

/**
 * `pnpm bench paint`: from the observation on the server to the paint in Chromium, beside the floor (a bare WebSocket and a bare
 * page), with 1 and with 50 viewers; and what Azure is asked for the cluster meanwhile. Rounds are interleaved, figures are
 * medians over rounds: absolute times vary with the machine, ratios within a round hold.
 */
const ROUNDS = 3;
const SPEED = 60;
const MANY = 50;

interface Figures {
  /** Observation to arrival in the browser: store, publish, execute, send. */
  readonly arrivals: number[];
  /** Arrival to paint: client, React, layout, the wait for a frame. */
  readonly paints: number[];
  readonly totals: number[];
  readonly ratios: number[];
  readonly requests: number[];
}

const rows = new Map<string, Figures>();

function add(name: string, samples: readonly PaintSample[]): Figures {
  const figures = rows.get(name) ?? { arrivals: [], paints: [], totals: [], ratios: [], requests: [] };
  rows.set(name, figures);
  figures.arrivals.push(...samples.map((sample) => sample.receivedAtMs - sample.madeAtMs));
  figures.paints.push(...samples.map((sample) => sample.paintedAtMs - sample.receivedAtMs));
  figures.totals.push(...totals(samples));
  return figures;
}

function totals(samples: readonly PaintSample[]): number[] {
  return samples.map((sample) => sample.paintedAtMs - sample.madeAtMs);
}

const stack = await startStack({ speed: SPEED });
const browser = await chromium.launch(chromiumLaunchOptions());
try {
  for (let round = 1; round <= ROUNDS; round++) {
    const floor = await measureRawFloor(browser);
    add("bare WebSocket and page", floor);
    for (const viewers of [1, MANY]) {
      const run = await runProvision({ stack, browser, clusterName: `bench-${viewers}-${round}`, viewers });
      const figures = add(`provision page, viewers ${viewers}`, run.paints);
      figures.ratios.push(median(totals(run.paints)) / median(totals(floor)));
      figures.requests.push(run.azureRequestsPerMinute);
    }
    process.stdout.write(`round ${round} of ${ROUNDS} done\n`);
  }
} finally {
  await browser.close();
  await stack.stop();
}

process.stdout.write(
  "\nObservation on the server → paint in Chromium (ms), and GETs of the cluster per minute of Azure's time\n",
);
for (const [name, figures] of rows) {
  const total = summarise(figures.totals);
  process.stdout.write(
    [
      name.padEnd(30),
      `p50 ${total.p50}`,
      `p95 ${total.p95}`,
      `(${summarise(figures.arrivals).p50} to the browser, ${summarise(figures.paints).p50} to the screen)`,
      `${total.count} messages`,
      ...(figures.ratios.length > 0 ? [`${median(figures.ratios)} × bare`] : []),
      ...(figures.requests.length > 0 ? [`${median(figures.requests)} GETs/min`] : []),
    ].join("  ") + "\n",
  );
}
