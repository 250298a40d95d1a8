import { expect, test } from "vitest";
import { arrangeProvisions, parseProvisionFilter } from "./provision-filter.ts";
import { progressFixture, provisionFixture } from "./provision.fixture.ts";

const ended = [
  provisionFixture({ id: "a", clusterName: "np2", status: "FAILED", createdAt: "2026-11-22T10:00:00Z" }),
  provisionFixture({
    id: "b",
    clusterName: "np10",
    status: "SUCCEEDED",
    createdAt: "2026-11-22T11:00:00Z",
    progress: progressFixture({ elapsedSeconds: 9 }),
  }),
];

test.each([
  [{}, ["b", "a"]],
  [{ result: "failed" }, ["a"]],
  [{ result: "canceled" }, []],
  [{ provisions: "cluster" }, ["a", "b"]],
  [{ provisions: "took" }, ["b", "a"]],
  [{ provisions: "-took" }, ["a", "b"]],
  [{ provisions: "started" }, ["a", "b"]],
  [{ provisions: "nonsense", result: ["x"] }, ["b", "a"]],
])("%j in the address shows %j", (query, ids) =>
  expect(arrangeProvisions(ended, parseProvisionFilter(query)).map(({ id }) => id)).toEqual(ids),
);
