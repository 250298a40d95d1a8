import { openCreateForm } from "../fixtures/create-form.ts";
import { repeatedIn, watchNetwork } from "../fixtures/network-log.ts";
import { provisionPageOn } from "../fixtures/provision-page.ts";
import { expect, FAST, SLOW, test } from "../fixtures/test.ts";

test("from the dashboard to the finished cluster my tab holds one WebSocket and repeats no request", async ({
  watchedPage: page,
  stack,
  emulator,
}) => {
  const name = "quiet-network";
  await emulator.setSpeed(SLOW);
  const network = watchNetwork(page);
  const form = await openCreateForm(page);
  await form.form.getByLabel("Cluster name").fill(name);
  await form.create();
  const provision = provisionPageOn(page);
  await expect(provision.azureState).toBeVisible();
  await network.quiet();
  const requestsBeforeWatching = network.requests.length;
  await emulator.setSpeed(FAST);
  await expect(provision.headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });

  expect(network.sockets).toEqual([expect.stringMatching(`:${new URL(stack.apiUrl).port}/graphql$`)]);
  expect(network.requests.slice(requestsBeforeWatching), "watching asks for nothing").toEqual([]);
  expect(repeatedIn(network.requests)).toEqual([]);
  const hosts = [...network.requests.map((request) => request.split(" ")[1] ?? ""), ...network.sockets].map(
    (url) => new URL(url).host,
  );
  const ours = [stack.webUrl, stack.apiUrl].map((url) => new URL(url).host);
  expect([...new Set(hosts)].toSorted(), "no third party is asked for anything").toEqual(ours.toSorted());
});

test("a dashboard that stays open while a cluster is made asks for nothing either", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  const name = "quiet-dashboard";
  await emulator.setSpeed(SLOW);
  const network = watchNetwork(page);
  await page.goto("/");
  await expect(provisionPageOn(page).connection).toHaveText("Live");
  await network.quiet();
  const requestsToLoad = network.requests.length;
  await api.startProvision(name);
  await expect(page.getByRole("progressbar", { name: `Progress of ${name}` })).toBeVisible();
  await emulator.setSpeed(FAST);
  const row = page
    .getByRole("table", { name: "Provisions that have ended" })
    .getByRole("row")
    .filter({ hasText: name });
  await expect(row).toContainText("Succeeded", { timeout: 90_000 });

  expect(network.requests.slice(requestsToLoad)).toEqual([]);
  expect(network.sockets).toHaveLength(1);
});

test("every page comes with a policy that lets in nothing but Slipway's own, with a nonce of its own", async ({
  watchedPage: page,
  request,
}) => {
  const policies = await Promise.all(
    ["/", "/", "/clusters/new", "/registries", "/activity", "/health", "/nowhere"].map(
      async (path) => (await request.get(path)).headers()["content-security-policy"] ?? "",
    ),
  );
  const nonces = policies.map((policy) => /'nonce-([^']+)'/.exec(policy)?.[1]);
  expect(new Set(nonces).size).toBe(policies.length);
  for (const policy of policies) {
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  }
  // What the policy stops is an error in the page's log, which fails the test.
  for (const path of ["/", "/clusters/new", "/registries", "/activity", "/health"]) {
    await page.goto(path);
    await expect(provisionPageOn(page).connection).toHaveText("Live");
  }
});
