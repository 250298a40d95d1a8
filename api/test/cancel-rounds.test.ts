import { setImmediate as immediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { seededNumber } from "../arm-emulator/seeded-number.ts";
import { effectiveClusterPuts, requestsOf } from "./azure-control.ts";
import { createCrashProxy, type CrashPoint, type CrashProxy } from "./crash-proxy.ts";
import { startSlipway, type Slipway } from "./harness.ts";
import { change, leftKinds, outcomeOf, type ChangeAnswer } from "./lifecycle.ts";
import { begin, untilOperationEnded, watchOperation } from "./operations.ts";
import {
  clusterInput,
  expectContiguous,
  expectProgressPromises,
  startProvision,
  untilEnded,
  watchProgress,
  type Progress,
} from "./provisions.ts";
import type { Watch } from "./watch.ts";

// oxlint-disable-next-line node/no-process-env -- how long this test runs is no setting of the product
const ROUNDS = Number(process.env["SLIPWAY_CANCEL_ROUNDS"] ?? 3);
/** Turns of the event loop between Azure's answer and the cancel of a race. */
const MOST_TURNS = 40;
/** So many clusters fit into the demo world's quota at once. */
const MOST_AT_ONCE = 10;
const SPEED = 200;

/** When the cancel is sent: in the middle of a request to Azure, or as soon as somebody who looks could know. */
type Moment =
  | {
      readonly request: Pick<CrashPoint, "method" | "when">;
      readonly of: "cluster" | "group" | "role";
      readonly nth: number;
      /** The conversation goes on at the same time as the cancel is on its way, not after it was answered. */
      readonly isRace?: true;
    }
  | { readonly seen: (progress: Progress) => boolean };

interface Step {
  readonly phase: string;
  readonly moments: readonly Moment[];
  /** Requests for roles don't name the cluster, so such provisions go one after another. */
  readonly grantsRoles?: true;
}

function around(of: "cluster" | "group" | "role", method: string, ...nths: number[]): Moment[] {
  return nths.flatMap((nth) => (["before", "after"] as const).map((when) => ({ request: { method, when }, of, nth })));
}

const STEPS: readonly Step[] = [
  { phase: "CREATING_CLUSTER", moments: [{ seen: () => true }, ...around("cluster", "GET", 1)] },
  {
    phase: "ENSURING_RESOURCE_GROUP",
    moments: [
      { seen: ({ phase }) => phase === "ENSURING_RESOURCE_GROUP" },
      ...around("group", "GET", 2),
      ...around("group", "PUT", 1),
    ],
  },
  {
    phase: "ARM_CREATE_OR_UPDATE",
    moments: [
      { seen: ({ clusterState }) => clusterState === "Creating" },
      ...around("cluster", "PUT", 1),
      ...around("cluster", "GET", 2, 3, 5),
    ],
  },
  {
    phase: "ENSURING_RBAC",
    moments: [{ seen: ({ phase }) => phase === "ENSURING_RBAC" }, ...around("role", "PUT", 1)],
    grantsRoles: true,
  },
  {
    // It asks Azure for nothing, so its moments are told by the answer to what was asked for last: the role.
    phase: "COMPLETED",
    moments: [
      { request: { method: "PUT", when: "after" }, of: "role", nth: 1 },
      { request: { method: "PUT", when: "after" }, of: "role", nth: 1, isRace: true },
      { seen: ({ status }) => status === "SUCCEEDED" },
      { request: { method: "PUT", when: "after" }, of: "role", nth: 1, isRace: true },
    ],
    grantsRoles: true,
  },
];

interface Round {
  readonly slipway: Slipway;
  readonly proxy: CrashProxy;
  readonly name: string;
  readonly moment: Moment;
  readonly registryId: string | undefined;
}

function pointOf(name: string, { request, of }: Extract<Moment, { request: object }>): CrashPoint {
  const paths = {
    cluster: new RegExp(`/managedClusters/${name}\\?`, "i"),
    group: new RegExp(`/resourceGroups/${name}-rg\\?`, "i"),
    role: /\/roleAssignments\//i,
  };
  return { title: name, ...request, path: paths[of] };
}

/** Provisions, cancels at the moment, and waits for the end. */
async function cancelAt({ slipway, proxy, name, moment, registryId }: Round) {
  const { api } = slipway;
  const started = Promise.withResolvers<string>();
  const answered = Promise.withResolvers<ChangeAnswer>();
  const cancel = async (): Promise<void> =>
    answered.resolve(await change(api, "CancelProvision", await started.promise));
  const race = async (): Promise<void> => {
    for (let turns = seededNumber(name, 0, MOST_TURNS); turns > 0; turns--) await immediate();
    await cancel();
  };
  if ("request" in moment)
    proxy.pauseAt(
      pointOf(name, moment),
      moment.nth,
      moment.isRace ? async () => void race().catch(answered.reject) : cancel,
    );
  const id = await startProvision(
    api,
    clusterInput(name, {
      registryId,
      nodePools: [{ name: "systempool", mode: "SYSTEM", vmSize: "Standard_D2s_v3", count: 1 }],
    }),
  );
  started.resolve(id);
  const watch = watchProgress(api, id);
  if ("seen" in moment) {
    await watch.until("the moment to cancel", moment.seen);
    await cancel();
  }
  const last = await untilEnded(watch);
  return { id, watch, last, answer: await answered.promise };
}

/** Either the cancel was refused because the provision had ended well, or it ends as CANCELED and tells what stays. */
async function expectPromised(round: Round): Promise<"CANCELED" | "SUCCEEDED"> {
  const { slipway, name } = round;
  const { api, azure } = slipway;
  const { id, watch, last, answer } = await cancelAt(round);
  expectProgressPromises(watch.messages);
  const outcome = await outcomeOf(api, id);
  expectContiguous(outcome.timeline);
  if (answer.code === "CANNOT_CANCEL") {
    expect([last.status, outcome.status]).toEqual(["SUCCEEDED", "SUCCEEDED"]);
    return "SUCCEEDED";
  }
  expect(answer.__typename).toBe("CancelProvisionSuccess");
  expectCanceled(watch, last);
  expect(outcome).toMatchObject({ status: "CANCELED", failure: null });
  expect(outcome.timeline.filter(({ message }) => message.startsWith("Cancel asked for"))).toHaveLength(1);

  const isIts = ({ path }: { readonly path: string }): boolean =>
    path.includes(`/${name}?`) || path.includes(`/${name}/`);
  const requests = await azure.requests();
  const puts = effectiveClusterPuts(requests).filter(isIts);
  const aborts = requestsOf(requests, "POST", /\/abort\?/).filter(isIts);
  expect(puts.length).toBeLessThanOrEqual(1);
  expect(aborts.filter(({ effective }) => effective).length).toBeLessThanOrEqual(puts.length);
  const kinds = leftKinds(outcome);
  const [cluster, group] = await Promise.all([find(slipway, name), find(slipway, `${name}-rg`)]);
  expect({ name, isLeft: kinds.includes("CLUSTER") }).toEqual({ name, isLeft: cluster !== undefined });
  expect({ name, isLeft: kinds.includes("RESOURCE_GROUP") }).toEqual({ name, isLeft: group !== undefined });
  if (cluster) expect(["Canceled", "Succeeded"]).toContain(cluster.properties["provisioningState"]);

  if (kinds.length > 0) await cleanUp(slipway, id, name);
  const since = requests.at(-1)?.n ?? 0;
  const after = requestsOf(await azure.requests(since), "PUT", /./).filter(({ path }) => path.includes(name));
  expect(after, "nothing is made after the end").toEqual([]);
  return "CANCELED";
}

function expectCanceled({ messages }: Watch<Progress>, last: Progress): void {
  expect(last.status).toBe("CANCELED");
  const canceling = messages.findIndex(({ status }) => status === "CANCELING");
  const phases = new Set(messages.slice(Math.max(0, canceling)).map(({ phase }) => phase));
  expect(phases.size, "it goes no step further").toBe(1);
}

async function find({ azure }: Slipway, name: string) {
  return (await azure.resources()).find((resource) => resource.name === name);
}

async function cleanUp(slipway: Slipway, id: string, name: string): Promise<void> {
  const { api } = slipway;
  const cleaning = watchOperation(api, await begin(api, "CleanUpProvision", { provisionId: id }));
  expect(await untilOperationEnded(cleaning)).toMatchObject({ status: "SUCCEEDED" });
  expect(await find(slipway, name)).toBeUndefined();
  expect(await find(slipway, `${name}-rg`)).toBeUndefined();
  expect(leftKinds(await outcomeOf(api, id))).toEqual([]);
}

async function registryIdOf({ api }: Slipway): Promise<string | undefined> {
  return (await api.data<{ registries: { id: string }[] }>("{ registries { id } }")).registries[0]?.id;
}

/** A world of its own for each batch, in which nothing unexpected may be logged. */
async function withWorld(use: (slipway: Slipway, proxy: CrashProxy) => Promise<void>): Promise<void> {
  let azureUrl = "";
  const proxy = await createCrashProxy(() => azureUrl);
  const slipway = await startSlipway({ speed: SPEED, azureVia: async (url) => ((azureUrl = url), proxy.url) });
  try {
    await use(slipway, proxy);
    expect(slipway.log.filter(({ level }) => level === "error" || level === "fatal")).toEqual([]);
  } finally {
    await slipway.stop();
    await proxy.stop();
  }
}

test.for(STEPS)(
  `canceled in the step $phase, ${ROUNDS} rounds: ends as promised, names all that stays, and is cleaned up`,
  { timeout: 120_000 + ROUNDS * 10_000 },
  async ({ phase, moments, grantsRoles }) => {
    const rounds = phase === "COMPLETED" ? Math.max(ROUNDS, moments.length) : ROUNDS;
    const atOnce = grantsRoles ? 1 : MOST_AT_ONCE;
    const ends: string[] = [];
    const firstMoment = seededNumber(phase, 0, moments.length - 1);
    for (let first = 0; first < rounds; first += MOST_AT_ONCE)
      await withWorld(async (slipway, proxy) => {
        const registryId = grantsRoles ? await registryIdOf(slipway) : undefined;
        const run = async (index: number): Promise<void> => {
          const moment = moments[(firstMoment + index) % moments.length] ?? { seen: () => true };
          const name = `round-${index}-${seededNumber(`${phase}/${index}`, 1000, 9999)}`;
          ends.push(await expectPromised({ slipway, proxy, name, moment, registryId }));
        };
        const indexes = Array.from({ length: Math.min(MOST_AT_ONCE, rounds - first) }, (_none, index) => first + index);
        while (indexes.length > 0) await Promise.all(indexes.splice(0, atOnce).map(run));
      });
    expect(ends).toHaveLength(rounds);
    // Before the last step has ended a cancel wins, after it it is refused; between them either may be first, never both.
    expect(new Set(ends)).toEqual(new Set(phase === "COMPLETED" ? ["CANCELED", "SUCCEEDED"] : ["CANCELED"]));
  },
);
