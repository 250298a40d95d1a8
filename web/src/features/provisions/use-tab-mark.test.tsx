import { act, render } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Progress } from "./provision-documents.ts";
import { progressFixture } from "./provision.fixture.ts";
import { useTabMark } from "./use-tab-mark.ts";

function Marked({ progress }: { progress: Progress }) {
  useTabMark("blast", progress);
  return null;
}

function putPageHead(): HTMLLinkElement {
  document.head.innerHTML = '<title>blast · Slipway</title><link rel="icon" href="data:image/svg+xml,app">';
  const link = document.head.querySelector("link");
  if (!link) throw new Error("the head has no icon");
  return link;
}

afterEach(() => {
  document.head.innerHTML = "";
});

test("the tab shows percent, then the result, in title and icon", () => {
  const link = putPageHead();
  const view = render(<Marked progress={progressFixture()} />);
  expect(document.title).toBe("58 % · blast");
  const running = link.href;
  view.rerender(<Marked progress={progressFixture({ sequence: 41, status: "FAILED" })} />);
  expect(document.title).toBe("Failed · blast");
  expect(link.href).not.toBe(running);
});

test("the mark outlives a title that the page puts in late", async () => {
  putPageHead();
  render(<Marked progress={progressFixture()} />);
  await act(async () => {
    document.title = "blast · Slipway";
  });
  expect(document.title).toBe("58 % · blast");
});

test("leaving the provision gives the next page its own title back", async () => {
  putPageHead();
  const view = render(<Marked progress={progressFixture()} />);
  view.unmount();
  await act(async () => {
    document.title = "Clusters · Slipway";
  });
  expect(document.title).toBe("Clusters · Slipway");
});
