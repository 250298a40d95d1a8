import { describe, expect, test } from "vitest";
import { createSqliteEntityStore } from "../../storage/sqlite-entity-store.ts";
import { createDurationHistory } from "./duration-history.ts";
import { newProvision } from "./provision.fixture.ts";
import type { Provision } from "./provision.ts";
import { createUsualDurations } from "./usual-duration.ts";

const MINUTE_MS = 60_000;
const create = () => createUsualDurations(createDurationHistory(createSqliteEntityStore({})));

function pool(vmSize: string, count: number): Provision["nodePoolSpecs"][number] {
  return { name: vmSize.toLowerCase(), mode: "SYSTEM", vmSize, count };
}

let made = 0;
/** One that has ended, another one each time. */
function ended(minutes: number, changes: Partial<Provision> & { readonly scale?: number } = {}): Provision {
  made += 1;
  const { scale = 1, ...others } = changes;
  const at = new Date(Date.parse("2026-01-01T00:00:00Z") + made * MINUTE_MS).toISOString();
  const step = (phase: "CREATING_CLUSTER" | "ARM_CREATE_OR_UPDATE" | "ENSURING_RBAC", elapsedMs: number) => ({
    phase,
    elapsedMs,
    startedAt: at,
  });
  const elapsedMs = minutes * MINUTE_MS;
  return newProvision({
    id: `${"0".repeat(24)}.00000000-0000-7000-8000-${String(made).padStart(12, "0")}`,
    createdAt: at,
    status: "SUCCEEDED",
    nodePoolSpecs: [pool("Standard_D2s_v3", 1), pool("Standard_D4s_v3", 2)],
    times: {
      elapsedMs,
      changedMs: elapsedMs,
      scale,
      steps: [
        step("CREATING_CLUSTER", 0),
        step("ARM_CREATE_OR_UPDATE", 10_000),
        step("ENSURING_RBAC", elapsedMs - 5_000),
      ],
    },
    ...others,
  });
}

const FIVE = [6, 7, 8, 9, 10];

describe("what a create usually takes", () => {
  const like = ended(1);

  test("is Azure's own estimate without history, with four creates as with none", async () => {
    const durations = create();
    for (const minutes of FIVE.slice(1)) await durations.remember(ended(minutes));
    expect(await durations.of(like)).toMatchObject({
      basis: "AZURE",
      samples: 0,
      lowMs: 5 * MINUTE_MS,
      highMs: 10 * MINUTE_MS,
      stepMs: { ARM_CREATE_OR_UPDATE: 7 * MINUTE_MS },
    });
  });

  test.each([
    ["of the same size here", {}, "SIZE"],
    ["of the same size in other letters", { nodePoolSpecs: [pool("STANDARD_d4S_v3", 3)] }, "SIZE"],
    ["of another size here", { nodePoolSpecs: [pool("Standard_D8s_v3", 3)] }, "LOCATION"],
    ["of many more nodes", { nodePoolSpecs: [pool("Standard_D4s_v3", 30)] }, "LOCATION"],
    ["of another location", { location: "northeurope" }, "EVERYWHERE"],
  ] as const)("five creates %s", async (_title, changes, basis) => {
    const durations = create();
    for (const minutes of FIVE) await durations.remember(ended(minutes, changes));
    expect(await durations.of(like)).toMatchObject({ basis, samples: 5, lowMs: 6 * MINUTE_MS, highMs: 10 * MINUTE_MS });
  });

  test("knows the steps as they went here", async () => {
    const durations = create();
    for (const minutes of FIVE) await durations.remember(ended(minutes));
    const { stepMs } = await durations.of(like);
    expect(stepMs).toMatchObject({ CREATING_CLUSTER: 10_000, ARM_CREATE_OR_UPDATE: 465_000, ENSURING_RBAC: 5_000 });
  });

  test.each([
    ["failed", { status: "FAILED" }],
    ["was canceled", { status: "CANCELED" }],
    ["was measured by hand", { scale: 0 }],
    ["waited hours of the emulator's time for us", { scale: 500, minutes: 60 }],
  ] as const)("does not count one that %s, but shows it", async (_title, { minutes = 5, ...changes }: Uncounted) => {
    const durations = create();
    for (let times = 0; times < 6; times++) await durations.remember(ended(minutes, changes));
    expect(await durations.of(like)).toMatchObject({ basis: "AZURE", samples: 0 });
    expect((await durations.similarTo(like, 24)).samples).toHaveLength(6);
  });

  test("counts an hour at Azure itself", async () => {
    const durations = create();
    for (let times = 0; times < 5; times++) await durations.remember(ended(60));
    expect(await durations.of(like)).toMatchObject({ samples: 5, highMs: 60 * MINUTE_MS });
  });

  test("an amended verdict changes what is shown, and counts no longer", async () => {
    const durations = create();
    const provisions = FIVE.map((minutes) => ended(minutes));
    for (const provision of provisions) await durations.remember(provision);
    const [first = ended(1)] = provisions;
    await durations.remember({ ...first, status: "FAILED" }, { isAmended: true });
    expect(await durations.of(like)).toMatchObject({ samples: 0 });
    const { samples } = await durations.similarTo(like, 24);
    expect(samples.map(({ outcome }) => outcome).toSorted()).toEqual(["FAILED", ...Array(4).fill("SUCCEEDED")]);
  });
});

type Uncounted = Partial<Provision> & { readonly scale?: number; readonly minutes?: number };
