import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { entryFixture } from "./provision.fixture.ts";
import { TimelineList } from "./timeline-list.tsx";

test.each([
  ["Created resource group rg-denied", false],
  ["Resource group rg-failover is visible", false],
  ["failpool: Creating, 2 nodes", false],
  ["apps: Failed, 2 nodes", true],
  ["Failed: the subscription's quota is too small", true],
])("%s: the icon tells what happened, not what a thing is called", (message, isFailure) => {
  const { container } = render(<TimelineList entries={[{ ...entryFixture(1), message }]} />);
  expect(container.querySelector(".text-danger") !== null).toBe(isFailure);
});
