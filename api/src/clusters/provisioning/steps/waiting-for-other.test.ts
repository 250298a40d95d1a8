import { describe, expect, test } from "vitest";
import { AzureError } from "../../../shared/azure-error.ts";
import { standingCluster } from "../../operations/operation.fixture.ts";
import { FIRST_CHECKPOINT } from "../provision-job.ts";
import { describeOther, withoutConflict, type OtherOperation } from "./waiting-for-other.ts";

function conflict(message: string): AzureError {
  return new AzureError({ kind: "conflict", body: { code: "OperationNotAllowed", message } });
}

const group = { name: "rg", location: "westeurope", provisioningState: "Deleting", tags: {} };

describe("what is waited for, and whose it is as far as Azure tells", () => {
  test.each<[string, OtherOperation, string]>([
    ["Azure names nothing", { error: conflict("Not now.") }, "Waiting for another operation to end"],
    [
      "Azure names the operation in its words",
      { error: conflict("Operation is not allowed: Another operation (Updating) is in progress.") },
      "Waiting for another operation to end: Updating",
    ],
    [
      "of a managed cluster",
      { error: conflict("Another managedCluster operation (Stopping) is in progress.") },
      "Waiting for another operation to end: Stopping",
    ],
    [
      "the cluster that is seen tells its state",
      { error: conflict("Conflict"), cluster: standingCluster({ provisioningState: "Deleting", tags: {} }) },
      "Waiting for another operation to end: Deleting the cluster 'one'",
    ],
    [
      "a group that is being deleted",
      { error: conflict("Conflict"), group },
      "Waiting for another operation to end: Deleting the resource group 'rg'",
    ],
    [
      "Azure's own word for it beats the state",
      {
        error: conflict("Another operation (Upgrading) is in progress"),
        cluster: standingCluster({ provisioningState: "Updating", tags: {} }),
      },
      "Waiting for another operation to end: Upgrading the cluster 'one'",
    ],
    [
      "another attempt of ours made it",
      {
        error: conflict(""),
        cluster: standingCluster({ provisioningState: "Deleting", tags: { "slipway-provision": "p" } }),
      },
      "Waiting for another operation to end: Deleting the cluster 'one' (made by another attempt of Slipway's)",
    ],
    [
      "another tool's, by its tag, and who changed it last",
      {
        error: conflict(""),
        cluster: standingCluster({
          provisioningState: "Deleting",
          tags: { team: "shop", "managed-by": "terraform" },
          lastModifiedBy: "ada@example.com",
        }),
      },
      "Waiting for another operation to end: Deleting the cluster 'one' (managed-by: terraform, last changed by ada@example.com)",
    ],
    [
      "a group's owner",
      { error: conflict(""), group: { ...group, tags: { Owner: "grace" } } },
      "Waiting for another operation to end: Deleting the resource group 'rg' (Owner: grace)",
    ],
  ])("%s", (_title, other, told) => {
    expect(describeOther(other)).toBe(told);
  });
});

test("once it has ended, nothing of it is remembered and all else is", () => {
  const checkpoint = { ...FIRST_CHECKPOINT, asked: true, conflict: { sinceMs: 1, looks: 3, told: "Waiting" } };
  expect(withoutConflict(checkpoint)).toEqual({ ...FIRST_CHECKPOINT, asked: true });
});
