import { describe, expect } from "vitest";
import { DEMO } from "../arm-emulator/seed/demo-names.ts";
import type { ApiClient } from "./api-client.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import { clusterInput, provisionToEnd, startProvision, watchTimeline } from "./provisions.ts";

interface CheckAnswer {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly remedies: readonly { readonly kind: string; readonly label: string; readonly command: string | null }[];
}

const PREFLIGHT_CHECKS = /* GraphQL */ `
  subscription PreflightChecks($input: StartProvisionInput!) {
    preflightChecks(input: $input) {
      ok
      pending
      checks {
        name
        status
        message
        remedies {
          kind
          label
          command
        }
      }
      maxNodeCounts {
        poolName
        count
      }
    }
  }
`;

interface PreflightAnswer {
  readonly ok: boolean;
  readonly checks: readonly CheckAnswer[];
  readonly maxNodeCounts: readonly { readonly poolName: string; readonly count: number }[];
}

async function preflight(api: ApiClient, input: object): Promise<PreflightAnswer> {
  return (await api.data<{ preflight: PreflightAnswer }>(operation("Preflight"), { input })).preflight;
}

function check(answer: PreflightAnswer, name: string): CheckAnswer {
  const found = answer.checks.find((one) => one.name === name);
  if (!found) throw new Error(`There is no check '${name}' in ${JSON.stringify(answer.checks)}.`);
  return found;
}

const statuses = (answer: PreflightAnswer): Readonly<Record<string, string>> =>
  Object.fromEntries(answer.checks.map(({ name, status }) => [name, status]));

const SANDBOX = {
  subscriptionId: DEMO.sandboxSubscriptionId,
  nodePools: [{ name: "systempool", mode: "SYSTEM", vmSize: "Standard_D4s_v5", count: 3 }],
};

const TWO_NODES = [{ name: "systempool", mode: "SYSTEM", vmSize: "Standard_D2s_v3", count: 2 }];

async function demoRegistryId(api: ApiClient): Promise<string> {
  const { registries } = await api.data<{ registries: { id: string; name: string }[] }>(
    "{ registries { id name } }",
    {},
  );
  return registries.find(({ name }) => name === DEMO.registry.name)?.id ?? "";
}

describe("a preflight in a form", () => {
  test("passes what can be made, registry and all", async ({ slipway }) => {
    const registryId = await demoRegistryId(slipway.api);
    const answer = await preflight(slipway.api, clusterInput("fine", { registryId, nodePools: TWO_NODES }));
    expect(statuses(answer)).toEqual({
      names: "PASS",
      location: "PASS",
      vm_sizes: "PASS",
      quota: "PASS",
      system_pool: "PASS",
      kubernetes_version: "PASS",
      resource_group: "PASS",
      cluster: "PASS",
      providers: "PASS",
      permissions: "PASS",
      registry: "PASS",
      role_assignments: "PASS",
    });
    expect(answer).toMatchObject({ ok: true, maxNodeCounts: [] });
  });

  test("names the blockers of a tight subscription with their numbers, and the count that fits does pass", async ({
    slipway,
  }) => {
    const input = clusterInput("tight", SANDBOX);
    const answer = await preflight(slipway.api, input);
    expect(answer.ok).toBe(false);
    expect(check(answer, "quota")).toMatchObject({
      status: "FAIL",
      message: expect.stringMatching(
        /Total Regional vCPUs in westeurope: 0 of 10 are used, 10 are free, 12 are needed.*standardDSv5Family.*0 of 8 are used, 8 are free, 12 are needed/,
      ),
    });
    expect(answer.maxNodeCounts).toEqual([{ poolName: "systempool", count: 2 }]);
    const fitting = await preflight(slipway.api, {
      ...input,
      nodePools: [{ ...SANDBOX.nodePools[0], count: 2 }],
    });
    expect(fitting).toMatchObject({ ok: true, maxNodeCounts: [] });
  });

  test("tells why a size can't be had, and holds a zone's restriction only against those who ask for the zone", async ({
    slipway,
  }) => {
    const withPool = (pool: object, changes: object = {}): object =>
      clusterInput("sizes", {
        ...changes,
        nodePools: [{ name: "systempool", mode: "SYSTEM", vmSize: "Standard_E8s_v5", count: 1, ...pool }],
      });
    expect(check(await preflight(slipway.api, withPool({})), "vm_sizes").status).toBe("PASS");
    expect(check(await preflight(slipway.api, withPool({ availabilityZones: ["1", "3"] })), "vm_sizes").status).toBe(
      "PASS",
    );
    expect(check(await preflight(slipway.api, withPool({ availabilityZones: ["1", "2"] })), "vm_sizes")).toMatchObject({
      status: "FAIL",
      message: expect.stringMatching(/zone 2 of westeurope.*NotAvailableForSubscription.*zones 1, 3/),
    });
    expect(
      check(await preflight(slipway.api, withPool({}, { subscriptionId: DEMO.sandboxSubscriptionId })), "vm_sizes"),
    ).toMatchObject({ status: "FAIL", message: expect.stringContaining("(QuotaId)") });
  });

  test("takes half-typed and senseless values as checks that fail, and asks Azure nothing with them", async ({
    slipway,
  }) => {
    const since = await slipway.azure.lastRequest();
    const answer = await preflight(slipway.api, {
      subscriptionId: "half",
      resourceGroup: "",
      location: "west europe/../",
      clusterName: "-",
      nodePools: [],
    });
    expect(answer.ok).toBe(false);
    expect(check(answer, "names").status).toBe("FAIL");
    expect(answer.checks.filter(({ name }) => name !== "names").map(({ status }) => status)).not.toContain("FAIL");
    expect((await slipway.azure.requests(since)).filter(({ path }) => path.includes("half"))).toEqual([]);
  });

  test("sees a cluster that exists, a group elsewhere and a version that is not offered", async ({ slipway }) => {
    const answer = await preflight(
      slipway.api,
      clusterInput(DEMO.failedCluster.name, {
        resourceGroup: DEMO.failedCluster.resourceGroup,
        kubernetesVersion: "1.12",
      }),
    );
    expect(check(answer, "cluster")).toMatchObject({ status: "FAIL", message: expect.stringContaining("exists") });
    expect(check(answer, "resource_group")).toMatchObject({
      status: "PASS",
      message: expect.stringMatching(/exists in northeurope.*made in westeurope/),
    });
    expect(check(answer, "kubernetes_version").status).toBe("FAIL");
  });

  test("sees that the cluster is being created already", async ({ slipway }) => {
    await slipway.azure.scenario("taken", "slow");
    await startProvision(slipway.api, clusterInput("taken"));
    expect(check(await preflight(slipway.api, clusterInput("taken")), "cluster")).toMatchObject({
      status: "FAIL",
      message: expect.stringContaining("being created already"),
    });
  });

  test("sees a group that is being deleted", async ({ slipway }) => {
    await slipway.azure.fault({
      match: { operation: "resourceGroups.get" },
      then: {
        status: 200,
        body: { id: "x", name: "going-rg", location: "westeurope", properties: { provisioningState: "Deleting" } },
      },
    });
    expect(check(await preflight(slipway.api, clusterInput("going")), "resource_group")).toMatchObject({
      status: "WARN",
      message: expect.stringContaining("is being deleted. Slipway waits until it is gone"),
    });
  });

  test("warns of a single small system node, which the create's own timeline does not repeat", async ({ slipway }) => {
    const input = clusterInput("small", { nodePools: [{ ...TWO_NODES[0], count: 1 }] });
    const answer = await preflight(slipway.api, input);
    expect(answer.ok).toBe(true);
    expect(check(answer, "system_pool")).toMatchObject({
      status: "WARN",
      message: expect.stringContaining("Node pool 'systempool' is one node with 2 vCPUs"),
      remedies: [{ kind: "EDIT", label: "Change the number of nodes" }],
    });
    const { id } = await provisionToEnd(slipway.api, input);
    const timeline = watchTimeline(slipway.api, id);
    await timeline.completed;
    expect(timeline.messages.map(({ message }) => message)).not.toContainEqual(expect.stringContaining("Preflight"));
  });

  test("gives the command for a provider that is not registered", async ({ slipway }) => {
    await slipway.azure.fault({
      match: { operation: "providers.get", path: "Microsoft\\.Network" },
      then: { status: 200, body: { namespace: "Microsoft.Network", registrationState: "NotRegistered" } },
    });
    expect(check(await preflight(slipway.api, clusterInput("unregistered")), "providers")).toMatchObject({
      status: "FAIL",
      message: expect.stringContaining("Microsoft.Network (NotRegistered)"),
      remedies: [
        {
          kind: "COMMAND",
          command: `az provider register --namespace Microsoft.Network --subscription ${DEMO.subscriptionId} --wait`,
        },
      ],
    });
  });

  test("gives the command for each right that is missing, where it is missing", async ({ slipway }) => {
    const reader = { status: 200, body: { value: [{ actions: ["*/read"], notActions: [] }] } };
    await slipway.azure.fault({ match: { operation: "permissions.list" }, then: reader });
    const registryId = await demoRegistryId(slipway.api);
    const answer = await preflight(
      slipway.api,
      clusterInput("reader", { registryId, resourceGroup: DEMO.runningCluster.resourceGroup }),
    );
    const group = `/subscriptions/${DEMO.subscriptionId}/resourceGroups/${DEMO.runningCluster.resourceGroup}`;
    expect(check(answer, "permissions")).toMatchObject({
      status: "FAIL",
      message: expect.stringContaining("Microsoft.ContainerService/managedClusters/write"),
      remedies: [
        {
          command: `az role assignment create --assignee-object-id 0d6e331f-af2e-4b30-b458-ee1cf5cbcd5e --assignee-principal-type ServicePrincipal --role Contributor --scope ${group}`,
        },
      ],
    });
    expect(check(answer, "role_assignments")).toMatchObject({
      status: "FAIL",
      message: expect.stringContaining("Microsoft.Authorization/roleAssignments/write"),
      remedies: [{ command: expect.stringContaining(`/registries/${DEMO.registry.name}`) }],
    });
  });

  test("warns when the registry does not answer, which is no verdict on the cluster", async ({ slipway }) => {
    const registryId = await demoRegistryId(slipway.api);
    await slipway.azure.fault({ match: { operation: "repositories.list" }, then: { status: 503 } });
    const answer = await preflight(slipway.api, clusterInput("locked", { registryId }));
    expect(check(answer, "registry").status).toBe("WARN");
    expect(answer.ok).toBe(true);
  });
});

describe("a preflight when Azure is slow or away", () => {
  test("gives up a slow check after its deadline, alone", async ({ slipway }) => {
    await slipway.azure.fault({ match: { operation: "usage.list" }, then: { delayMs: 20_000 }, times: 1 });
    const answer = await preflight(slipway.api, clusterInput("slow-check"));
    expect(check(answer, "quota")).toMatchObject({ status: "UNKNOWN", message: expect.stringContaining("within 5 s") });
    expect(answer.checks.filter(({ name }) => name !== "quota").map(({ status }) => status)).not.toContain("UNKNOWN");
    expect(answer).toMatchObject({ ok: true, maxNodeCounts: [] });
  });

  test("tells what is known while one check is still out, then the whole, and completes", async ({ slipway }) => {
    await slipway.azure.fault({ match: { operation: "usage.list" }, then: { delayMs: 20_000 }, times: 1 });
    const watch = slipway.api.subscribe<PreflightAnswer>(PREFLIGHT_CHECKS, { input: clusterInput("as-it-comes") });
    await watch.completed;
    const known = watch.messages.map(({ checks }) => checks.length);
    expect(known).toEqual(known.toSorted((one, other) => one - other));
    expect(watch.messages.at(-2)).toMatchObject({ ok: true, pending: ["quota"], maxNodeCounts: [] });
    expect(watch.messages.at(-1)).toMatchObject({
      pending: [],
      checks: expect.arrayContaining([expect.objectContaining({ name: "quota", status: "UNKNOWN" })]),
    });
  });

  test.for(["resourceSkus.list", "usage.list", "providers.get", "permissions.list", "managedClusters.get"])(
    "takes an outage of %s for unknown, never for a verdict",
    async (name, { slipway }) => {
      // A location that nobody has asked about before, so that nothing is remembered of it.
      await slipway.azure.fault({ match: { operation: name }, then: { status: 503 } });
      const answer = await preflight(slipway.api, clusterInput("outage", { location: "swedencentral" }));
      expect(answer.ok).toBe(true);
      expect(answer.checks.filter(({ status }) => status === "UNKNOWN").length).toBeGreaterThan(0);
    },
  );
});

describe("the preflight of a provision", () => {
  test("fails it at once with what blocks it, before anything is made", async ({ slipway }) => {
    const { last } = await provisionToEnd(slipway.api, clusterInput("too-big", SANDBOX));
    expect(last).toMatchObject({
      status: "FAILED",
      phase: "CREATING_CLUSTER",
      failure: { category: "QUOTA", message: expect.stringContaining("standardDSv5Family") },
    });
    expect((await slipway.azure.requests()).filter(({ method }) => method === "PUT")).toEqual([]);
  });

  test("notes what it could not find out and goes on, and looks once", async ({ slipway }) => {
    await slipway.azure.fault({ match: { operation: "usage.list" }, then: { status: 503 } });
    const { id, last } = await provisionToEnd(slipway.api, clusterInput("unsure"));
    expect(last.status).toBe("SUCCEEDED");
    const timeline = watchTimeline(slipway.api, id);
    await timeline.completed;
    expect(timeline.messages.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^Preflight \(quota\): This could not be checked: Azure answered 503/),
    );
    const asked = (await slipway.azure.requests()).filter(({ path }) => /\/permissions\?/.test(path));
    expect(asked).toHaveLength(1);
  });
});
