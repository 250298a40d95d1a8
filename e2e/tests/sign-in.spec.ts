import type { Page } from "@playwright/test";
import type { IdentityProvider } from "../../api/test/identity-provider.ts";
import { provisionPageOn } from "../fixtures/provision-page.ts";
import { setbacksOf } from "../fixtures/shown-progress.ts";
import { recordShownStates } from "../fixtures/shown-states.ts";
import { expect, test } from "../fixtures/sign-in-test.ts";
import { createSlipwayApi } from "../fixtures/slipway-api.ts";
import { FAST, SLOW } from "../fixtures/test.ts";

test.beforeEach(async ({ provider, emulator }) => {
  provider.person = { name: "Ada Lovelace", roles: ["Slipway.Operator"] };
  provider.isRenewing = true;
  await emulator.setSpeed(FAST);
});

/** Opens a page as somebody who is not signed in, and signs in there. */
async function signInAt(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole("link", { name: "Sign in" }).click();
  await expect(provisionPageOn(page).connection).toHaveText("Live");
}

/** Starts a provision by a script's token and opens its page, with what it shows recorded from the first moment on. */
async function watchProvision(
  page: Page,
  { apiUrl }: { readonly apiUrl: string },
  provider: IdentityProvider,
  name: string,
) {
  const shown = await recordShownStates(page, name);
  const authorization = `Bearer ${await provider.accessToken(["Slipway.Operator"])}`;
  const id = await createSlipwayApi(apiUrl, { authorization }).startProvision(name);
  const provision = provisionPageOn(page);
  await provision.open(id);
  await expect(provision.azureState).toBeVisible();
  return { provision, shown };
}

test("whoever is not signed in sees the way in and nothing else, and comes back to the page that was asked for", async ({
  page,
}) => {
  await page.goto("/registries?sort=name");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Main" })).toHaveCount(0);
  await page.getByRole("link", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/registries\?sort=name$/);
  await expect(provisionPageOn(page).connection).toHaveText("Live");
  await expect(page.getByRole("button", { name: "Signed in as Ada Lovelace" })).toBeVisible();

  const stored = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
  expect(stored, "no script can read what lets me in").toEqual([0, 0, ""]);
});

test("a provision that I watch goes on without a gap while tokens expire, the provider changes its keys and my session is renewed", async ({
  page,
  stack,
  provider,
  emulator,
}) => {
  await signInAt(page, "/");
  await emulator.setSpeed(SLOW);
  const { provision, shown } = await watchProvision(page, stack, provider, "outlives-tokens-06");
  const opened: string[] = [];
  page.on("websocket", (socket) => opened.push(socket.url()));
  await provider.rotateKeys();
  await expect
    .poll(() => opened.length, { message: "connections end with their tokens", timeout: 90_000 })
    .toBeGreaterThan(1);
  await expect(provision.connection).toHaveText("Live");
  await emulator.setSpeed(FAST);
  await expect(provision.headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });
  expect(setbacksOf(shown.states())).toEqual([]);
  await expect(page.getByRole("heading", { name: "Sign in" })).toHaveCount(0);
});

test("when my role is taken away, actions are turned off with the reason, and the provision that I watch goes on without a gap", async ({
  page,
  stack,
  provider,
  emulator,
}) => {
  await signInAt(page, "/");
  await emulator.setSpeed(SLOW);
  const { provision, shown } = await watchProvision(page, stack, provider, "outlives-a-role-07");
  const cancel = page.getByRole("button", { name: "Cancel" });
  await expect(cancel).toBeEnabled();
  provider.person = { name: "Ada Lovelace", roles: ["Slipway.Viewer"] };
  await expect(cancel, "with the next token").toHaveAttribute("aria-disabled", "true", { timeout: 90_000 });
  await expect(cancel).toHaveAccessibleDescription(/Slipway\.Operator/);
  await expect(provision.connection).toHaveText("Live");
  await emulator.setSpeed(FAST);
  await expect(provision.headline).toHaveText(/^Cluster ready/, { timeout: 90_000 });
  expect(setbacksOf(shown.states())).toEqual([]);
});

test("when my last role is taken away, the page stands still and says so, and I am told which roles there are when I sign in again", async ({
  page,
  provider,
}) => {
  await signInAt(page, "/activity");
  provider.person = { name: "Ada Lovelace", roles: [] };
  await expect(page.getByText("Your session has ended")).toBeVisible({ timeout: 90_000 });
  await expect(provisionPageOn(page).connection).toHaveText("Signed out");
  await page.getByRole("link", { name: "Sign in again" }).click();
  await expect(page.getByRole("heading", { name: "You have no role yet" })).toBeVisible();
});

test("with the role of a viewer I see everything and am told why I can change nothing", async ({ page, provider }) => {
  provider.person = { name: "Grace Hopper", roles: ["Slipway.Viewer"] };
  await page.goto("/");
  await page.getByRole("link", { name: "Sign in" }).click();
  const create = page.getByRole("button", { name: "Create cluster" });
  await expect(create).toHaveAttribute("aria-disabled", "true");
  await expect(create).toHaveAccessibleDescription(/Slipway\.Operator/);
});

test("how Slipway itself is, is open to an administrator and closed with the reason to others", async ({
  page,
  provider,
}) => {
  await page.goto("/health");
  await page.getByRole("link", { name: "Sign in" }).click();
  const way = page.getByRole("navigation", { name: "Main" }).getByRole("button", { name: "Health" });
  await expect(way).toHaveAttribute("aria-disabled", "true");
  await expect(way).toHaveAccessibleDescription(/Slipway\.Admin/);
  await expect(page.getByText("Not for your role")).toBeVisible();

  provider.person = { name: "Mary Allen Wilkes", roles: ["Slipway.Admin"] };
  await page.context().clearCookies();
  await page.goto("/health");
  await page.getByRole("link", { name: "Sign in" }).click();
  await expect(page.getByRole("list", { name: "Health checks" }).getByText("Good").first()).toBeVisible();
});

test("without a role I am told which there are, and can sign out", async ({ page, provider }) => {
  provider.person = { name: "Nobody Yet", roles: [] };
  await page.goto("/");
  await page.getByRole("link", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "You have no role yet" })).toBeVisible();
  await expect(page.getByText("Slipway.Viewer")).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("when the provider renews me no more, the page stands still, says so, and lets me sign in again", async ({
  page,
  provider,
}) => {
  await signInAt(page, "/activity");
  provider.isRenewing = false;
  await expect(page.getByText("Your session has ended")).toBeVisible({ timeout: 90_000 });
  await expect(provisionPageOn(page).connection).toHaveText("Signed out");
  provider.isRenewing = true;
  await page.getByRole("link", { name: "Sign in again" }).click();
  await expect(page).toHaveURL(/\/activity$/);
  await expect(provisionPageOn(page).connection).toHaveText("Live");
  await expect(page.getByText("Your session has ended")).toHaveCount(0);
});

test("signing out ends every tab of the browser", async ({ page, context }) => {
  await signInAt(page, "/");
  const other = await context.newPage();
  await other.goto("/");
  await expect(provisionPageOn(other).connection).toHaveText("Live");
  await page.getByRole("button", { name: /^Signed in as/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(other.getByText("Your session has ended")).toBeVisible();
  await other.reload();
  await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible();
});
