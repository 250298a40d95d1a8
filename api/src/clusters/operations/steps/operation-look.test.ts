import { describe, expect, test } from "vitest";
import { AzureError } from "../../../shared/azure-error.ts";
import { classifyAzureError, classifyFailure } from "../../failures/classify-failure.ts";
import type { OperationTarget } from "../cluster-operation.ts";
import { newOperation, pool } from "../operation.fixture.ts";
import { aboutOperation } from "./operation-look.ts";

describe("what a failure of an operation is about", () => {
  const extra = { name: "extra", mode: "USER", vmSize: "Standard_D8s_v5", count: 3 } as const;

  test.each<[OperationTarget["kind"], OperationTarget, object]>([
    ["START", { kind: "START" }, {}],
    ["DELETE", { kind: "DELETE" }, {}],
    ["SCALE", { kind: "SCALE", poolName: "apps", count: 50 }, { pool: "apps" }],
    ["REMOVE_NODE_POOL", { kind: "REMOVE_NODE_POOL", poolName: "apps" }, { pool: "apps" }],
    ["ADD_NODE_POOL", { kind: "ADD_NODE_POOL", pool: extra }, { pool: "extra" }],
  ])("%s: the ids of its cluster, and the pool that was asked for", (_kind, target, more) => {
    const about = aboutOperation(newOperation({ target, location: "westeurope" }));
    expect(about).toMatchObject({ subscriptionId: "s", resourceGroup: "rg", clusterName: "one", ...more });
    expect(about.location).toBe("westeurope");
    if (!("pool" in more)) expect(about).not.toHaveProperty("pool");
  });

  test("the pools are as they were asked for, not as they still are", () => {
    const nodePools = [pool("system", { mode: "SYSTEM" }), pool("apps")];
    const scaled = aboutOperation(newOperation({ nodePools, target: { kind: "SCALE", poolName: "apps", count: 50 } }));
    expect(scaled.nodePools?.map(({ name, count }) => [name, count])).toEqual([
      ["system", 2],
      ["apps", 50],
    ]);
    const added = aboutOperation(newOperation({ nodePools, target: { kind: "ADD_NODE_POOL", pool: extra } }));
    expect(added.nodePools?.map(({ name }) => name)).toEqual(["system", "apps", "extra"]);
  });

  test("a classified failure of it names subscription and location where Azure leaves them out", () => {
    const about = aboutOperation(
      newOperation({ location: "westeurope", target: { kind: "SCALE", poolName: "apps", count: 50 } }),
    );
    const body = { code: "ErrCode_InsufficientVCPUQuota", message: "Insufficient regional vcpu quota left." };
    const failure = classifyFailure(body, about);
    expect(failure.category).toBe("QUOTA");
    expect(failure.remedies.map(({ url, command }) => url ?? command)).toEqual(
      expect.arrayContaining([expect.stringMatching(/subscriptionId=s.*location=westeurope/)]),
    );
  });

  test("the ids are those of the refused request itself", () => {
    const error = new AzureError({
      kind: "permanent",
      status: 400,
      body: { code: "BadRequest", message: "No." },
      correlationId: "of-the-request",
    });
    expect(classifyAzureError(error, aboutOperation(newOperation())).correlationId).toBe("of-the-request");
  });
});
