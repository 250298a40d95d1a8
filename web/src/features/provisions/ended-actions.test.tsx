import { act, fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderLive } from "../../testing/render-live.tsx";
import { CancelProvision } from "./cancel-provision.tsx";
import { EndedActions } from "./ended-actions.tsx";
import { progressFixture, provisionFixture } from "./provision.fixture.ts";

const CLUSTER_LEFT = {
  resourceId: "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/blast",
  kind: "CLUSTER",
  portalUrl: "https://portal.azure.com/x",
};
const failed = provisionFixture({
  status: "FAILED",
  needsAttention: true,
  leftovers: [],
  progress: progressFixture({ status: "FAILED" }),
});

/** Sends what a click asks for and waits for the scripted answer. */
async function click(element: HTMLElement): Promise<void> {
  await act(async () => fireEvent.click(element));
}

const button = (name: string): HTMLElement => screen.getByRole("button", { name });

test("trying again asks for it once and leads to the new provision", async () => {
  const retried: string[] = [];
  const { api } = renderLive(<EndedActions provision={failed} onRetried={(id) => retried.push(id)} />);
  api.answer("RetryProvision", () => ({
    retryProvision: { __typename: "RetryProvisionSuccess", provision: { __typename: "Provision", id: "new" } },
  }));
  await click(button("Retry"));
  expect(api.asked.filter(({ name }) => name === "RetryProvision")).toEqual([
    { name: "RetryProvision", kind: "mutation", variables: { provisionId: failed.id } },
  ]);
  expect(retried).toEqual(["new"]);
});

test("what the server says no to is said", async () => {
  const { api } = renderLive(<EndedActions provision={failed} />);
  const message = "The cluster 'blast' is being created already.";
  api.answer("RetryProvision", () => ({ retryProvision: { __typename: "ProvisionInProgressError", message } }));
  await click(button("Retry"));
  expect(screen.getByRole("alert").textContent).toBe(message);
});

test("with a cluster that is left there is no blind retry, but a clean-up that names it and asks first", async () => {
  const { api } = renderLive(<EndedActions provision={{ ...failed, leftovers: [CLUSTER_LEFT] }} />);
  expect(screen.queryByRole("button", { name: "Retry" })).toBeNull();
  await click(button("Clean up"));
  expect(screen.getByText("blast")).toBeDefined();
  expect(api.asked).toEqual([]);
  await click(button("Delete"));
  expect(api.asked.map(({ name }) => name)).toEqual(["CleanUpProvision"]);
});

test("one that runs or has succeeded offers none of it, and one nobody has to look after can't be dismissed", () => {
  const { container } = renderLive(
    <EndedActions provision={{ ...failed, progress: progressFixture({ status: "SUCCEEDED" }) }} />,
  );
  expect(container.querySelector("button")).toBeNull();
  renderLive(<EndedActions provision={{ ...failed, needsAttention: false }} />);
  expect(screen.queryByRole("button", { name: "Dismiss" })).toBeNull();
});

test("cancelling says what stays before it asks for anything", async () => {
  const progress = progressFixture({ status: "RUNNING" });
  const { api } = renderLive(<CancelProvision provision={failed} progress={progress} />);
  await click(button("Cancel"));
  expect(screen.getByText(/stay and cost money until they are deleted/)).toBeDefined();
  expect(api.asked).toEqual([]);
  await click(button("Cancel creation"));
  expect(api.asked.map(({ name }) => name)).toEqual(["CancelProvision"]);
});

test("what is being canceled or has ended can't be canceled", () => {
  renderLive(<CancelProvision provision={failed} progress={progressFixture({ status: "CANCELING" })} />);
  expect(screen.queryByRole("button", { name: "Cancel" })).toBeNull();
});
