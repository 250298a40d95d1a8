import { openCreateForm } from "../fixtures/create-form.ts";
import { provisionPageOn } from "../fixtures/provision-page.ts";
import { startStack } from "../fixtures/stack.ts";
import { expect, FAST, test as base } from "../fixtures/test.ts";

const test = base.extend<object, object>({
  stack: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of what is destructured
    async ({}, use) => {
      const stack = await startStack({
        speed: FAST,
        settings: async () => ({ SLIPWAY_FREE_DOCUMENTS: "nobody" }),
      });
      await use(stack);
      await stack.stop();
    },
    { scope: "worker", timeout: 200_000 },
  ],
});

test("where nobody may send documents of their own, every page works, and my tab sends none", async ({
  watchedPage: page,
}) => {
  const sent: string[] = [];
  page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(String(payload))));
  const form = await openCreateForm(page);
  await form.form.getByLabel("Cluster name").fill("known-words");
  await form.create();
  await expect(provisionPageOn(page).headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });
  for (const [path, heading] of [
    ["/", "Clusters"],
    ["/registries", "Registries"],
    ["/activity", "Activity"],
    ["/health", "Health"],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await expect(provisionPageOn(page).connection).toHaveText("Live");
    await expect(page.getByText("SLIPWAY_FREE_DOCUMENTS")).toHaveCount(0);
  }
  const asked = sent.map((frame) => JSON.parse(frame) as { type: string; payload?: { query?: string } });
  const documents = asked.filter(({ type }) => type === "subscribe").map(({ payload }) => payload?.query);
  expect(documents.length).toBeGreaterThan(8);
  expect(documents.filter((document) => document !== "")).toEqual([]);
});
