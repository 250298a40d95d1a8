import { expect } from "vitest";
import type { LoggedRequest } from "../arm-emulator/request-log.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";
import { clusterInput, startProvision, watchProgress, watchTimeline, type Progress } from "./provisions.ts";

const LOOKS = 10;

/** How often Azure was asked for what, over a fixed number of looks at a cluster that is being created. */
async function countRequests(
  slipway: Slipway,
  name: string,
  viewers: number,
): Promise<Readonly<Record<string, number>>> {
  const { azure } = slipway;
  await azure.scenario(name, "stuck");
  const id = await startProvision(slipway.api, clusterInput(name));
  const clients = Array.from({ length: viewers }, () => slipway.client());
  const watches = clients.map((client) => {
    watchTimeline(client, id);
    client.subscribe(operation("ProvisionUpdated"));
    return watchProgress(client, id);
  });
  const creating = ({ clusterState }: Progress): boolean => clusterState === "Creating";
  const firsts = await Promise.all(watches.map((watch) => watch.until("a look at the cluster", creating)));
  const from = Math.max(...firsts.map(({ sequence }) => sequence));
  const since = await azure.lastRequest();
  const reached = ({ sequence }: Progress): boolean => sequence >= from + LOOKS;
  const lasts = await Promise.all(watches.map((watch) => watch.until(`${LOOKS} looks`, reached)));
  const requests = await azure.requests(since);
  // Everybody is told of the same look.
  expect(new Set(lasts.map(({ sequence }) => sequence))).toEqual(new Set([from + LOOKS]));
  await Promise.all(clients.map((client) => client.close()));
  return countByKind(requests.filter(({ path }) => !path.includes("_emulator")));
}

function countByKind(requests: readonly LoggedRequest[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, path } of requests) {
    const kind = `${method} ${/\/(managedClusters|operations|[A-Za-z]+)(?=\/[^/?]+\?)/.exec(path)?.[1] ?? path}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

test("Azure is asked as often for 50 viewers as for one", async ({ start }) => {
  // The stuck cluster is given no time to be given up.
  const one = await countRequests(await start({ speed: 20 }), "watched-by-one", 1);
  const fifty = await countRequests(await start({ speed: 20 }), "watched-by-fifty", 50);
  expect(Object.keys(fifty).toSorted()).toEqual(Object.keys(one).toSorted());
  // A look that is under way when counting begins or ends is the tolerance.
  for (const [kind, count] of Object.entries(one)) {
    expect(Math.abs((fifty[kind] ?? 0) - count), kind).toBeLessThanOrEqual(1);
    expect(count, kind).toBeLessThanOrEqual(LOOKS + 1);
  }
  expect(Object.keys(one)).toContain("GET managedClusters");
});
