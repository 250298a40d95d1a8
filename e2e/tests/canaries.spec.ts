import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DEMO } from "../fixtures/demo-world.ts";
import { provisionPageOn } from "../fixtures/provision-page.ts";
import { expect, test } from "../fixtures/sign-in-test.ts";
import { createSlipwayApi } from "../fixtures/slipway-api.ts";

const SIGNATURE = "canaryPageSignature88fe";
const KEY = "canaryPageAccountKey55c1";
const REFUSAL = {
  code: "BadRequest",
  message: `Reading https://a.blob.core.windows.net/x?se=2026&sig=${SIGNATURE}&sp=r failed; AccountName=a;AccountKey=${KEY}.`,
};

test("no page, script, frame, log line or file of the data holds my session, a token, or a secret that Azure repeated", async ({
  page,
  stack,
  provider,
  emulator,
}) => {
  provider.person = { name: "Ada Lovelace", roles: ["Slipway.Admin"] };
  const shown: Promise<string>[] = [];
  page.on("response", (response) => shown.push(response.text().catch(() => "")));
  page.on("console", (message) => shown.push(Promise.resolve(message.text())));
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => shown.push(Promise.resolve(String(payload)))),
  );
  await page.goto("/");
  await page.getByRole("link", { name: "Sign in" }).click();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const session = (await page.context().cookies()).filter(({ name }) => name.includes("slipway-session"));
  expect(session).toHaveLength(1);

  const token = await provider.accessToken(["Slipway.Admin"]);
  const api = createSlipwayApi(stack.apiUrl, { authorization: `Bearer ${token}` });
  await emulator.addFault({
    match: { operation: "managedClusters.createOrUpdate" },
    times: 1,
    then: { status: 400, body: { error: REFUSAL } },
  });
  const provisionId = await api.startProvision("canary-page");
  const buildId = await api.startBuild("team/canary-page:1");
  const provision = provisionPageOn(page);
  await provision.open(provisionId);
  await expect(provision.headline).toHaveText(/^Failed in step/, { timeout: 90_000 });
  await expect(page.getByText("se=2026").first(), "what is no secret is there").toBeAttached();
  const pages = ["/", `/builds/${encodeURIComponent(buildId)}`, "/registries", "/activity", "/health", "/nowhere"];
  for (const path of pages) {
    await page.goto(path);
    await page.waitForLoadState("load");
    shown.push(Promise.resolve(await page.content()));
  }
  const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]));
  shown.push(Promise.resolve(kept));

  const files = (await readdir(stack.dataDir)).filter((name) => name.startsWith("slipway"));
  const stored = await Promise.all(files.map((name) => readFile(join(stack.dataDir, name), "latin1")));
  const places = {
    pages: (await Promise.all(shown)).join("\n"),
    log: stack.output(),
    store: stored.join("\n"),
  };
  expect(places.pages).toContain(DEMO.registryLoginServer);
  expect(places.store).toContain("canary-page");
  const secrets = [SIGNATURE, KEY, ...session.map(({ value }) => value), ...provider.handedOut];
  expect(secrets.length).toBeGreaterThan(4);
  for (const [place, text] of Object.entries(places)) {
    expect(
      secrets.filter((secret) => text.includes(secret)),
      place,
    ).toEqual([]);
  }
});
