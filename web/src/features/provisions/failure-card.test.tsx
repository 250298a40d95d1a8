import { screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { renderLive } from "../../testing/render-live.tsx";
import { FailureCard } from "./failure-card.tsx";
import { failureHeadline, supportText } from "./failure-words.ts";
import type { Failure } from "./provision-documents.ts";
import { progressFixture, provisionFixture } from "./provision.fixture.ts";

const failure: Failure = {
  code: "QuotaExceeded",
  category: "QUOTA",
  message: "Operation could not be completed as it results in exceeding approved cores quota.",
  correlationId: "7f53ab1c-30d4-4e0b-8a3d-ab34190890e6",
  remedies: [
    { kind: "EDIT", label: "Use fewer nodes", url: null, command: null },
    { kind: "LINK", label: "Ask for more quota", url: "https://portal.azure.com/quota", command: null },
    { kind: "COMMAND", label: "See the quota", url: null, command: "az vm list-usage --location westeurope" },
    { kind: "RETRY", label: "Try again", url: null, command: null },
  ],
};
const progress = progressFixture({ status: "FAILED", failure });

test("says it in plain words, then in Azure's, with the code and the correlation id", () => {
  renderLive(<FailureCard failure={failure} progress={progress} provision={provisionFixture()} />);
  expect(screen.getByRole("heading", { name: "The subscription's quota is too small" })).toBeDefined();
  expect(screen.getByText(failure.message)).toBeDefined();
  expect(screen.getByText("QuotaExceeded")).toBeDefined();
  expect(screen.getByText("7f53ab1c-30d4-4e0b-8a3d-ab34190890e6")).toBeDefined();
});

test("each remedy can be taken: the filled-in form, a link, a command to copy", () => {
  renderLive(<FailureCard failure={failure} progress={progress} provision={provisionFixture({ id: "a/b=" })} />);
  for (const name of ["Use fewer nodes", "Try again"]) {
    expect(screen.getByRole("link", { name }).getAttribute("href")).toBe("/clusters/new?from=a%2Fb%3D");
  }
  expect(screen.getByRole("link", { name: /Ask for more quota/ }).getAttribute("href")).toBe(
    "https://portal.azure.com/quota",
  );
  expect(screen.getByText("az vm list-usage --location westeurope")).toBeDefined();
  expect(screen.getByRole("button", { name: "Copy the command: See the quota" })).toBeDefined();
});

test("names what is left at Azure", () => {
  const leftover = { resourceId: "/subscriptions/s1/x", kind: "Cluster", portalUrl: "https://portal.azure.com/x" };
  renderLive(
    <FailureCard failure={failure} progress={progress} provision={provisionFixture({ leftovers: [leftover] })} />,
  );
  expect(screen.getByText("Still in Azure, and it may cost money")).toBeDefined();
  expect(screen.getByText("/subscriptions/s1/x")).toBeDefined();
});

test("works without correlation id and remedies", () => {
  renderLive(
    <FailureCard
      failure={{ ...failure, correlationId: null, remedies: [] }}
      progress={progress}
      provision={provisionFixture()}
    />,
  );
  expect(screen.queryByText("Correlation id")).toBeNull();
  expect(screen.getByRole("button", { name: "Copy for support" })).toBeDefined();
});

test("the text for support has every id and each pool's error, and no empty line", () => {
  const text = supportText(provisionFixture(), progress, failure);
  expect(text).toContain("Correlation id: 7f53ab1c-30d4-4e0b-8a3d-ab34190890e6");
  expect(text).toContain("Node pool systempool: Succeeded, 1 × Standard_D4s_v3");
  expect(text).toContain("Provision: p1");
  expect(text.split("\n")).not.toContain("");
});

describe("failureHeadline", () => {
  test.each([
    ["QUOTA", "The subscription's quota is too small"],
    ["PERMISSIONS_INCOMPLETE", "The cluster was created, but its permissions are incomplete"],
    ["A_CATEGORY_OF_TOMORROW", "The cluster could not be created"],
  ])("of %s", (category, text) => expect(failureHeadline(category)).toBe(text));
});
