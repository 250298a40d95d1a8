import { expect, test } from "vitest";
import { clusterStatus, CLUSTER_STATUSES } from "./cluster-status.ts";

const CASES = [
  ["Succeeded", "Running", "READY"],
  ["succeeded", "running", "READY"],
  ["Succeeded", "Stopped", "STOPPED"],
  ["Succeeded", "", "UNKNOWN"],
  ["Creating", "Running", "CREATING"],
  ["Updating", "Running", "UPDATING"],
  ["Upgrading", "Running", "UPDATING"],
  ["Scaling", "Running", "UPDATING"],
  ["Migrating", "Running", "UPDATING"],
  ["Starting", "Running", "STARTING"],
  ["Stopping", "Stopped", "STOPPING"],
  ["Deleting", "Running", "DELETING"],
  ["Deleted", "Running", "DELETED"],
  ["Canceling", "Running", "CANCELING"],
  ["Canceled", "Running", "CANCELED"],
  ["Failed", "Running", "FAILED"],
  ["Failed", "Stopped", "FAILED"],
  ["SomethingNew", "Running", "UNKNOWN"],
  ["", "", "UNKNOWN"],
] as const;

test.each(CASES)("%s and %s is %s", (provisioningState, powerState, status) => {
  expect(clusterStatus({ provisioningState, powerState })).toBe(status);
});

test("every status can come about", () => {
  expect(new Set(CASES.map(([, , status]) => status))).toEqual(new Set(CLUSTER_STATUSES));
});
