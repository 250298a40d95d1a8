import { fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderLive } from "../../testing/render-live.tsx";
import { FailureCard } from "./failure-card.tsx";
import type { Failure, ProvisionDetail } from "./provision-documents.ts";
import { entryFixture, progressFixture, provisionFixture } from "./provision.fixture.ts";
import { supportText } from "./support-text.ts";

const NOTHING = { url: null, command: null, field: null };
const failure: Failure = {
  code: "QuotaExceeded",
  category: "QUOTA",
  summary: "The subscription's quota for all vCPUs in westeurope is too small: the request needs 8 vCPUs.",
  fault: "YOURS",
  message: "Operation could not be completed as it results in exceeding approved cores quota.",
  correlationId: "7f53ab1c-30d4-4e0b-8a3d-ab34190890e6",
  operationId: "0a5b3f60-9c1e-4d53-8b79-52a1c1f0b7aa",
  remedies: [
    { ...NOTHING, kind: "EDIT", label: "Use fewer nodes", field: "nodePools.0.count" },
    { ...NOTHING, kind: "LINK", label: "Ask for more quota", url: "https://portal.azure.com/quota" },
    { ...NOTHING, kind: "COMMAND", label: "See the quota", command: "az vm list-usage --location westeurope" },
    { ...NOTHING, kind: "RETRY", label: "Try again" },
  ],
};
const progress = progressFixture({ status: "FAILED", failure });

function show(given: Partial<Failure> = {}, provision: Partial<ProvisionDetail> = {}): void {
  const shown = { ...failure, ...given };
  renderLive(<FailureCard failure={shown} progress={progress} provision={provisionFixture(provision)} timeline={[]} />);
}

test("says what happened in plain words and whose it is, and keeps Azure's words and both ids in a fold", () => {
  show();
  expect(screen.getByRole("heading", { name: "The subscription's quota is too small" })).toBeDefined();
  expect(screen.getByText(failure.summary)).toBeDefined();
  expect(screen.getByText("Something on your side has to change.")).toBeDefined();
  const fold = screen.getByText("Azure's own words and ids").closest("details");
  expect(fold?.open).toBe(false);
  for (const text of [failure.message, "QuotaExceeded", failure.correlationId ?? "", failure.operationId ?? ""])
    expect(fold?.contains(screen.getByText(text))).toBe(true);
  expect(screen.getByRole("button", { name: "Copy the operation id", hidden: true })).toBeDefined();
});

test("an error that nobody knows shows Azure's own words at once", () => {
  show({ category: "UNKNOWN", fault: "UNKNOWN" });
  expect(screen.getByText("Azure's own words and ids").closest("details")?.open).toBe(true);
  expect(screen.getByRole("heading", { name: "The cluster could not be created" })).toBeDefined();
});

test("each remedy can be taken: the filled-in form at the field, a link, a command to copy", () => {
  show({}, { id: "a/b=" });
  expect(screen.getByRole("link", { name: "Use fewer nodes" }).getAttribute("href")).toBe(
    "/clusters/new?from=a%2Fb%3D&field=nodePools.0.count",
  );
  expect(screen.getByRole("link", { name: /Ask for more quota/ }).getAttribute("href")).toBe(
    "https://portal.azure.com/quota",
  );
  expect(screen.getByText("az vm list-usage --location westeurope")).toBeDefined();
  expect(screen.getByRole("button", { name: "Copy the command: See the quota" })).toBeDefined();
});

test("names what is left at Azure", () => {
  const leftover = { resourceId: "/subscriptions/s1/x", kind: "CLUSTER", portalUrl: "https://portal.azure.com/x" };
  show({}, { leftovers: [leftover] });
  expect(screen.getByText("Still in Azure, and it may cost money")).toBeDefined();
  expect(screen.getByText("/subscriptions/s1/x")).toBeDefined();
});

test("works without ids and remedies", () => {
  show({ correlationId: null, operationId: null, remedies: [] });
  fireEvent.click(screen.getByText("Azure's own words and ids"));
  expect(screen.queryByText("Correlation id")).toBeNull();
  expect(screen.getByRole("button", { name: "Copy for support" })).toBeDefined();
});

test("the text for support has every id, the request, each pool and what happened when, a line each", () => {
  const text = supportText(provisionFixture(), progress, failure, [
    entryFixture(1, { message: "AKS state:\nCreating" }),
  ]);
  expect(text.split("\n")).toEqual(
    expect.arrayContaining([
      "Correlation id: 7f53ab1c-30d4-4e0b-8a3d-ab34190890e6",
      "Operation id: 0a5b3f60-9c1e-4d53-8b79-52a1c1f0b7aa",
      "Asked for pool systempool: SYSTEM, 1 × Standard_D4s_v3",
      "Node pool systempool: Succeeded, 1 × Standard_D4s_v3",
      "Provision: p1",
      "2026-11-22T10:31:06Z: AKS state: Creating",
    ]),
  );
  expect(text.split("\n")).not.toContain("");
});

test("no secret gets into the text for support: no value of a tag, no signature of an address", () => {
  const provision = provisionFixture({ requestedTags: [{ name: "cost-center", value: "hunter2-hunter2" }] });
  const leaking = { ...failure, message: "See https://acc.blob.core.windows.net/logs/1?sv=1&sig=c2lnbmF0dXJl." };
  const entry = entryFixture(1, { message: "Asked https://acc.blob.core.windows.net/x?sig=c2lnbmF0dXJl" });
  const text = supportText(provision, progress, leaking, [entry]);
  expect(text).toContain("Tags: cost-center");
  expect(text).not.toMatch(/hunter2|c2lnbmF0dXJl/);
});
