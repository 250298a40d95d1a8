import { act, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { OFFLINE_AFTER_MS } from "../../graphql/connection-monitor.ts";
import { renderLive } from "../../testing/render-live.tsx";
import { ProvisionView } from "./provision-view.tsx";
import { entryFixture, pageFixture, progressFixture, provisionFixture } from "./provision.fixture.ts";

const said = () => screen.getByTestId("announcements").textContent?.trim();
const happened = () =>
  within(screen.getByRole("region", { name: "What happened" }))
    .queryAllByRole("listitem")
    .map((item) => /entry \d+/.exec(item.textContent ?? "")?.[0]);

test("shows what the server rendered before any connection is there", () => {
  renderLive(<ProvisionView provisionId="p1" initial={pageFixture()} />);
  expect(screen.getByRole("heading", { level: 1, name: "blast-prod-02" })).toBeDefined();
  expect(screen.getByText("Contoso Platform")).toBeDefined();
});

test("follows the topic, and drops what is older than it has", () => {
  const { api } = renderLive(<ProvisionView provisionId="p1" initial={pageFixture()} />);
  act(() => api.push("ProvisionPageProgress", { provisionProgress: progressFixture({ sequence: 42, percent: 70 }) }));
  act(() => api.push("ProvisionPageProgress", { provisionProgress: progressFixture({ sequence: 41, percent: 65 }) }));
  expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("70");
});

test("asks for the timeline behind what the server rendered and shows each entry once, newest first", () => {
  const { api } = renderLive(
    <ProvisionView
      provisionId="p1"
      initial={pageFixture(provisionFixture({ timeline: [entryFixture(1), entryFixture(2)] }))}
    />,
  );
  expect(api.asked.find((asked) => asked.name === "ProvisionPageTimeline")?.variables).toEqual({
    provisionId: "p1",
    afterSequence: 2,
  });
  for (const sequence of [3, 2, 4, 3])
    act(() => api.push("ProvisionPageTimeline", { provisionTimeline: entryFixture(sequence) }));
  expect(happened()).toEqual(["entry 4", "entry 3", "entry 2", "entry 1"]);
});

test("announces steps and the result, and no percentage", () => {
  const { api } = renderLive(<ProvisionView provisionId="p1" initial={pageFixture()} />);
  expect(said()).toBe("blast-prod-02: step 3 of 5, Creating AKS cluster (5–10 min)");
  act(() => api.push("ProvisionPageProgress", { provisionProgress: progressFixture({ sequence: 41, percent: 70 }) }));
  expect(said()).toBe("blast-prod-02: step 3 of 5, Creating AKS cluster (5–10 min)");
  act(() =>
    api.push("ProvisionPageProgress", {
      provisionProgress: progressFixture({
        sequence: 42,
        status: "SUCCEEDED",
        step: 5,
        phase: "COMPLETED",
        percent: 100,
      }),
    }),
  );
  expect(said()).toBe("blast-prod-02: cluster ready after 4 minutes 12 seconds");
});

test("a provision that ended days ago is shown in full and announced not at all", () => {
  const ended = progressFixture({ status: "SUCCEEDED", step: 5, phase: "COMPLETED" });
  renderLive(
    <ProvisionView
      provisionId="p1"
      initial={pageFixture(provisionFixture({ status: "SUCCEEDED", progress: ended, finishedAt: ended.observedAt }))}
    />,
  );
  expect(screen.getByText("Cluster ready · took 4m 12s")).toBeDefined();
  expect(said()).toBe("");
});

test("a verdict that is amended later replaces the first one", () => {
  const failed = progressFixture({ status: "FAILED", sequence: 50 });
  const { api } = renderLive(
    <ProvisionView provisionId="p1" initial={pageFixture(provisionFixture({ status: "FAILED", progress: failed }))} />,
  );
  const amended = provisionFixture({
    status: "SUCCEEDED",
    progress: progressFixture({ status: "SUCCEEDED", sequence: 51 }),
  });
  act(() => api.push("ProvisionListUpdated", { provisionUpdated: { ...amended, id: "another" } }));
  expect(screen.getByText(/^Failed in step/)).toBeDefined();
  act(() => api.push("ProvisionListUpdated", { provisionUpdated: amended }));
  expect(screen.getByText("Cluster ready · took 4m 12s")).toBeDefined();
});

test("without the API it shows that, and fills by itself when the connection comes", async () => {
  const { api } = renderLive(<ProvisionView provisionId="p1" initial={undefined} />);
  expect(screen.getByText("Can't reach the Slipway API")).toBeDefined();
  api.answer("ProvisionPage", () => pageFixture());
  act(() => api.connect());
  expect(await screen.findByRole("heading", { level: 1, name: "blast-prod-02" })).toBeDefined();
});

test("says that there is no such provision when the API says so", async () => {
  const { api } = renderLive(<ProvisionView provisionId="p9" initial={undefined} />);
  api.answer("ProvisionPage", () => pageFixture(null));
  act(() => api.connect());
  expect(await screen.findByText("There is no such provision")).toBeDefined();
});

test("a lost connection keeps what is known on the page, with its time, and reads again once it is back", async () => {
  const { api, clock } = renderLive(<ProvisionView provisionId="p1" initial={pageFixture()} />);
  act(() => api.connect());
  act(() => api.disconnect());
  act(() => clock.advance(OFFLINE_AFTER_MS));
  expect(screen.getByText("No connection to Slipway")).toBeDefined();
  expect(screen.getByRole("progressbar")).toBeDefined();
  api.answer("ProvisionPage", () =>
    pageFixture(provisionFixture({ progress: progressFixture({ sequence: 60, percent: 80 }) })),
  );
  await act(async () => api.connect());
  expect(screen.queryByText("No connection to Slipway")).toBeNull();
  expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("80");
  expect(api.asked.filter((asked) => asked.name === "ProvisionPage")).toHaveLength(2);
});

test("nothing is asked again while time passes", () => {
  const { api, clock } = renderLive(<ProvisionView provisionId="p1" initial={pageFixture()} />);
  act(() => api.connect());
  const before = api.asked.length;
  act(() => clock.advance(600_000));
  expect(api.asked).toHaveLength(before);
});

test("a refused topic is told, with the time of what is shown, until it works again", () => {
  const { api } = renderLive(<ProvisionView provisionId="p1" initial={pageFixture()} />);
  act(() => api.connect());
  act(() => api.refuse("ProvisionPageProgress", "The store is away."));
  expect(screen.getByText(/The store is away\. What is shown is as of/)).toBeDefined();
  act(() => api.push("ProvisionPageProgress", { provisionProgress: progressFixture({ sequence: 41 }) }));
  expect(screen.queryByText(/The store is away/)).toBeNull();
});

test("a verdict asks once for what the attempt left behind", async () => {
  const { api } = renderLive(<ProvisionView provisionId="p1" initial={pageFixture()} />);
  act(() => api.connect());
  const failure = {
    code: "X",
    category: "UNKNOWN" as const,
    summary: "Nobody knows this error.",
    fault: "UNKNOWN" as const,
    message: "No.",
    correlationId: null,
    operationId: null,
    remedies: [],
  };
  const failed = progressFixture({ sequence: 41, status: "FAILED", failure });
  const leftovers = [
    { resourceId: "/subscriptions/s1/left", kind: "Cluster", portalUrl: "https://portal.azure.com/left" },
  ];
  api.answer("ProvisionPage", () => pageFixture(provisionFixture({ progress: failed, leftovers })));
  await act(async () => api.push("ProvisionPageProgress", { provisionProgress: failed }));
  expect(screen.getByText("/subscriptions/s1/left")).toBeDefined();
  expect(api.asked.filter((asked) => asked.name === "ProvisionPage")).toHaveLength(2);
});
