import { describe, expect, test } from "vitest";
import {
  elapsedNow,
  headline,
  milestone,
  outlook,
  spokenProgress,
  subMessage,
  tabTitle,
  usualDuration,
} from "./provision-words.ts";
import { bareProgressFixture, progressFixture } from "./provision.fixture.ts";

const OBSERVED = Date.parse("2026-11-22T10:35:18Z");

describe("elapsed time", () => {
  test("ticks on from the server's observation", () => {
    expect(elapsedNow(progressFixture(), OBSERVED + 5400)).toBe(257);
  });

  test("is never less than the server counted, even when its clock seems behind", () => {
    expect(elapsedNow(progressFixture(), OBSERVED - 60_000)).toBe(252);
  });

  test("stands still once the provision has ended", () => {
    expect(elapsedNow(progressFixture({ status: "SUCCEEDED" }), OBSERVED + 86_400_000)).toBe(252);
  });
});

describe("headline", () => {
  test.each([
    ["RUNNING", "Step 3/5 · Creating AKS cluster (5–10 min) · 4m 12s"],
    ["PENDING", "Step 3/5 · Creating AKS cluster (5–10 min) · 4m 12s"],
    ["CANCELING", "Canceling · Step 3/5 · Creating AKS cluster (5–10 min) · 4m 12s"],
    ["SUCCEEDED", "Cluster ready · took 4m 12s"],
    ["FAILED", "Failed in step 3/5 · Creating AKS cluster · after 4m 12s"],
    ["CANCELED", "Canceled in step 3/5 · Creating AKS cluster · after 4m 12s"],
  ] as const)("of %s", (status, text) => expect(headline(progressFixture({ status }), OBSERVED)).toBe(text));

  test("needs neither pools nor Azure's state", () => {
    expect(
      headline(bareProgressFixture({ step: 1, label: "Preparing ARM request", elapsedSeconds: 1 }), OBSERVED),
    ).toBe("Step 1/5 · Preparing ARM request · 1s");
  });
});

describe("subMessage", () => {
  test.each([
    ["everything known", progressFixture(), "AKS state: Creating · ARM 3m 43s"],
    ["no ARM time yet", progressFixture({ armElapsedSeconds: null }), "AKS state: Creating"],
    ["no state yet", progressFixture({ clusterState: null, message: null }), "ARM 3m 43s"],
    [
      "a reason to wait",
      progressFixture({ message: "Azure is limiting requests; next look in 12 s" }),
      "AKS state: Creating · ARM 3m 43s · Azure is limiting requests; next look in 12 s",
    ],
    ["nothing known", bareProgressFixture(), undefined],
    ["another step", bareProgressFixture({ phase: "ENSURING_RBAC", message: "Granting AcrPull" }), "Granting AcrPull"],
    ["an end", progressFixture({ status: "FAILED" }), undefined],
  ])("with %s", (_, progress, text) => expect(subMessage(progress, OBSERVED + 3000)).toBe(text));

  test("the ARM time stands still in the steps after it", () => {
    const progress = progressFixture({ phase: "ENSURING_RBAC", message: null });
    expect(subMessage(progress, OBSERVED + 60_000)).toBeUndefined();
  });
});

describe("usualDuration", () => {
  const range = { lowSeconds: 360, highSeconds: 540 };
  test.each([
    [{ ...range, samples: 24, basis: "LOCATION" }, "usually 6–9 min here · last 24 creates"],
    [{ ...range, samples: 12, basis: "SIZE" }, "usually 6–9 min for this size here · last 12 creates"],
    [{ ...range, samples: 12, basis: "EVERYWHERE" }, "usually 6–9 min with this Slipway · last 12 creates"],
    [{ lowSeconds: 36, highSeconds: 54, samples: 5, basis: "LOCATION" }, "usually 36–54 s here · last 5 creates"],
    [{ lowSeconds: 300, highSeconds: 600, samples: 0, basis: "AZURE" }, "first creates here: Azure says 5–10 min"],
    [null, undefined],
  ] as const)("of %o", (expected, text) => expect(usualDuration(progressFixture({ expected }))).toBe(text));
});

describe("outlook", () => {
  const azure = { lowSeconds: 300, highSeconds: 600, samples: 0, basis: "AZURE" } as const;
  test.each([
    ["a long way to go", progressFixture(), -120, "About 3–7 min left"],
    ["minutes", progressFixture(), 0, "About 1–5 min left"],
    ["the earliest end near", progressFixture(), 60, "Up to 4 min left"],
    ["the latest end near", progressFixture(), 180, "Up to 110 s left"],
    ["seconds", progressFixture(), 275, "Up to 20 s left"],
    ["past what is usual", progressFixture(), 400, "Later than nine of ten here"],
    ["slow", progressFixture({ pace: "SLOW" }), 0, "Slower than usual"],
    ["stuck", progressFixture({ pace: "STUCK" }), 0, "Looks stuck"],
    ["no creates of our own", progressFixture({ expected: azure }), 0, undefined],
    ["nothing known", bareProgressFixture(), 0, undefined],
    ["an end", progressFixture({ status: "SUCCEEDED" }), 0, undefined],
  ])("with %s", (_, progress, laterSeconds, text) => {
    expect(outlook(progress, OBSERVED + laterSeconds * 1000)?.text).toBe(text);
  });

  test("changes rarely: a figure that jumps about is no help", () => {
    const said = Array.from(
      { length: 300 },
      (_one, second) => outlook(progressFixture(), OBSERVED + second * 1000)?.text,
    );
    expect(new Set(said).size).toBeLessThan(20);
  });
});

describe("words for ears and tabs", () => {
  test("the bar says step, label and whole percent", () => {
    expect(spokenProgress(progressFixture())).toBe("Step 3 of 5, Creating AKS cluster (5–10 min), 58 percent");
  });

  test.each([
    ["RUNNING", "blast: step 3 of 5, Creating AKS cluster (5–10 min)", "58 % · blast"],
    ["SUCCEEDED", "blast: cluster ready after 4 minutes 12 seconds", "Ready · blast"],
    ["FAILED", "blast: failed after 4 minutes 12 seconds.", "Failed · blast"],
    ["CANCELED", "blast: canceled", "Canceled · blast"],
    ["CANCELING", "blast: canceling", "58 % · blast"],
  ] as const)("of %s", (status, spoken, title) => {
    expect(milestone("blast", progressFixture({ status }))).toBe(spoken);
    expect(tabTitle("blast", progressFixture({ status }))).toBe(title);
  });
});
