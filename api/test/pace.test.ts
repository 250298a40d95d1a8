import { describe, expect } from "vitest";
import type { ApiClient } from "./api-client.ts";
import { test } from "./fixtures.ts";
import { clusterInput, provisionToEnd, startProvision } from "./provisions.ts";

const PACE = `
  sequence status phase startedAt observedAt changedAt pace paceHint
  expected { lowSeconds highSeconds samples basis }
  estimatedFinish { earliest latest }
  steps { phase label startedAt finishedAt usualSeconds }
  nodePools { name provisioningState states { state at } }
`;

interface Paced {
  readonly sequence: number;
  readonly status: string;
  readonly phase: string;
  readonly startedAt: string;
  readonly observedAt: string;
  readonly changedAt: string;
  readonly pace: string;
  readonly paceHint: string | null;
  readonly expected: { readonly samples: number; readonly basis: string } | null;
  readonly estimatedFinish: { readonly earliest: string; readonly latest: string } | null;
  readonly steps: readonly {
    readonly phase: string;
    readonly startedAt: string | null;
    readonly finishedAt: string | null;
    readonly usualSeconds: number | null;
  }[];
  readonly nodePools: readonly {
    readonly name: string;
    readonly states: readonly { readonly state: string; readonly at: string }[];
  }[];
}

interface Comparison {
  readonly basis: string;
  readonly samples: number;
  readonly lowSeconds: number;
  readonly highSeconds: number;
  readonly slowSeconds: number;
  readonly provisions: readonly {
    readonly provisionId: string;
    readonly clusterName: string;
    readonly tookSeconds: number;
    readonly outcome: string;
    readonly isThis: boolean;
    readonly steps: readonly { readonly phase: string; readonly tookSeconds: number }[];
  }[];
}

const watchPace = (api: ApiClient, provisionId: string) =>
  api.subscribe<Paced>(`subscription ($id: ID!) { provisionProgress(provisionId: $id) { ${PACE} } }`, {
    id: provisionId,
  });

async function compare(api: ApiClient, id: string): Promise<Comparison> {
  const { provision } = await api.data<{ provision: { durations: Comparison } }>(
    `query ($id: ID!) { provision(id: $id) { durations {
      basis samples lowSeconds highSeconds slowSeconds
      provisions { provisionId clusterName tookSeconds outcome isThis steps { phase tookSeconds } }
    } } }`,
    { id },
  );
  return provision.durations;
}

describe("how long it usually takes", () => {
  test("comes from the creates here once five have succeeded, and outlives a restart", async ({ slipway }) => {
    const names = ["past-one", "past-two", "past-three", "past-four", "past-five"];
    await slipway.azure.scenario("past-failed", "pool-fails");
    const [first] = await Promise.all(
      [...names, "past-failed"].map((name) => provisionToEnd(slipway.api, clusterInput(name))),
    );
    expect(first?.last.expected).toMatchObject({ samples: 0, lowSeconds: 1, highSeconds: 1 });

    await slipway.restart();
    const api = slipway.client();
    const { id, last } = await provisionToEnd(api, clusterInput("present"));
    expect(last).toMatchObject({ status: "SUCCEEDED", pace: "ON_TRACK", expected: { samples: 5 } });

    const comparison = await compare(api, id);
    expect(comparison).toMatchObject({ basis: "SIZE", samples: 6 });
    const { lowSeconds, highSeconds, slowSeconds, provisions } = comparison;
    expect([lowSeconds, highSeconds, slowSeconds]).toEqual(
      [lowSeconds, highSeconds, slowSeconds].toSorted((a, b) => a - b),
    );
    expect(provisions[0]).toMatchObject({
      provisionId: id,
      clusterName: "present",
      outcome: "SUCCEEDED",
      isThis: true,
    });
    expect(provisions.filter(({ isThis }) => isThis)).toHaveLength(1);
    expect(provisions.map(({ clusterName, outcome }) => `${clusterName} ${outcome}`).toSorted()).toEqual(
      [...names, "present"]
        .map((name) => `${name} SUCCEEDED`)
        .concat("past-failed FAILED")
        .toSorted(),
    );
    expect(provisions[0]?.steps.map(({ phase }) => phase)).toEqual([
      "CREATING_CLUSTER",
      "ENSURING_RESOURCE_GROUP",
      "ARM_CREATE_OR_UPDATE",
      "ENSURING_RBAC",
    ]);
  });

  test("a bad number of earlier ones is named", async ({ slipway }) => {
    const id = await startProvision(slipway.api, clusterInput("asked-badly"));
    for (const last of [0, -1, 25]) {
      const { errors } = await slipway.api.graphql(
        "query ($id: ID!, $last: Int) { provision(id: $id) { durations(last: $last) { samples } } }",
        { id, last },
      );
      expect(errors?.[0]?.message).toBe("'last' is 1 to 24.");
    }
  });
});

describe("slow told from stuck", () => {
  test("slow: goes on past what is usual, says so and what that means, is never called stuck, and succeeds", async ({
    start,
  }) => {
    const { api, azure } = await start({ speed: 400 });
    await azure.scenario("snail", "slow");
    const watch = watchPace(api, await startProvision(api, clusterInput("snail")));
    await watch.completed;
    expect(new Set(watch.messages.map(({ pace }) => pace))).toEqual(
      new Set([...(watch.messages[0]?.pace === "UNKNOWN" ? ["UNKNOWN"] : []), "ON_TRACK", "SLOW"]),
    );
    const slow = watch.messages.find(({ status, pace }) => status === "RUNNING" && pace === "SLOW");
    expect(slow?.paceHint).toMatch(/^Slower than Azure's own estimate .* Nothing is known to be wrong/);
    expect(watch.messages.at(-1)).toMatchObject({ status: "SUCCEEDED", pace: "SLOW", paceHint: null });
  });

  test("stuck: Azure's clock tells, however little of ours has passed", async ({ start }) => {
    const { api, azure } = await start({ speed: 20 });
    await azure.scenario("frozen", "stuck");
    const watch = watchPace(api, await startProvision(api, clusterInput("frozen")));
    await watch.until("a look at the pools", ({ nodePools }) => nodePools.length > 0);
    expect(watch.messages.at(-1)).toMatchObject({ pace: "ON_TRACK", paceHint: null });
    await azure.advance(13 * 60);
    await watch.until("a pace of SLOW", ({ pace }) => pace === "SLOW");
    await azure.advance(20 * 60);
    const stuck = await watch.until("a pace of STUCK", ({ pace }) => pace === "STUCK");
    expect(stuck).toMatchObject({ status: "RUNNING", phase: "ARM_CREATE_OR_UPDATE" });
    expect(stuck.paceHint).toMatch(/^No change for \d+ s, and slower than .*: open the cluster in the Azure portal/);
    expect(Date.parse(stuck.observedAt)).toBeGreaterThan(Date.parse(stuck.changedAt));
    watch.stop();
  });
});

test("tells when each step and each state of a pool began, the same after a restart", async ({ slipway }) => {
  const id = await startProvision(slipway.api, clusterInput("charted"));
  const watch = watchPace(slipway.api, id);
  await watch.completed;
  const last = watch.messages.at(-1);
  const times = last?.steps.flatMap(({ startedAt, finishedAt }) => [startedAt, finishedAt]) ?? [];
  expect(times).toEqual(times.toSorted((one, other) => Date.parse(one ?? "") - Date.parse(other ?? "")));
  expect(last?.steps.map(({ phase, startedAt }) => [phase, startedAt])).toEqual(
    last?.steps.map(({ phase }, index, steps) => [
      phase,
      index === 0 ? last.startedAt : (steps[index - 1]?.finishedAt ?? "missing"),
    ]),
  );
  for (const pool of last?.nodePools ?? [])
    expect(pool.states.map(({ state }) => state)).toEqual(["Creating", "Succeeded"]);
  expect(last?.nodePools).toHaveLength(2);

  await slipway.restart();
  const after = watchPace(slipway.client(), id);
  await after.completed;
  expect(after.messages).toEqual([last]);
});

test("the estimated finish is given from the first look on, and stands while nothing but time passes", async ({
  start,
}) => {
  const { api, azure } = await start({ speed: 20 });
  await azure.scenario("estimated", "stuck");
  const watch = watchPace(api, await startProvision(api, clusterInput("estimated")));
  let looks = 0;
  await watch.until("some looks at the cluster", ({ nodePools }) => nodePools.length > 0 && ++looks === 6);
  const latest = watch.messages.flatMap(({ estimatedFinish }) =>
    estimatedFinish ? [Date.parse(estimatedFinish.latest)] : [],
  );
  expect(latest.length).toBeGreaterThan(6);
  // Whole seconds, and what an answer was under way.
  expect(Math.max(...latest) - Math.min(...latest)).toBeLessThanOrEqual(1000);
  watch.stop();
});
