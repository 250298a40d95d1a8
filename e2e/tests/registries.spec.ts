import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { buildFormOn } from "../fixtures/build-form.ts";
import { buildPageOn } from "../fixtures/build-page.ts";
import { DEMO } from "../fixtures/demo-world.ts";
import { repeatedIn, watchNetwork } from "../fixtures/network-log.ts";
import { overflowOn, violationsOn } from "../fixtures/readability.ts";
import { recordRowStates, registryPageOn } from "../fixtures/registry-page.ts";
import { expect, FAST, SLOW, test } from "../fixtures/test.ts";

/** A slow build takes two minutes and more, on whatever machine: none ends while I look. */
const LEISURELY = 4;
/** It is the better part of a minute until Azure replaces a log: time to open its page. */
const AS_AZURE = 1;
/** Fast, but both halves of a log can be read. */
const AT_EASE = 30;
/** Of a time on the page: whole seconds, by the clock of the server as the page knows it, which a slow load puts behind. */
const SLACK_SECONDS = 6;
/** Both colour schemes, and both the wide and the narrow layout. */
const LOOKS = ["light, desktop", "dark, phone"] as const;
const WHY_IT_FAILED = "RUN npm run build ended with exit code 1. The lines above it in the log say why.";

/** The words for the states of a build, in their order. */
const PROGRESS = ["Submitting", "Queued", "Starting", "Running"];

test("three builds that I start stay in view, with their times, through a refresh and in another window until they end; one says why it failed, and one that others start appears by itself", async ({
  watchedPage: page,
  browser,
  baseURL,
  stack,
  api,
  emulator,
}) => {
  const [first, failing, last] = ["team/first", "team/failing", "team/last"];
  const mine = [first, failing, last];
  await emulator.setImageScenario(`${failing}:1.0.0`, "fails");
  for (const image of [`${first}:1.0.0`, "others/large:1"]) await emulator.setImageScenario(image, "slow");
  const registryId = await api.findRegistryId();
  const registry = registryPageOn(page);
  await registry.open(registryId);
  await page.getByRole("link", { name: "Build images" }).click();
  const form = buildFormOn(page);
  await form.fill(mine.map((image) => ({ image, tag: "1.0.0" })));

  await emulator.setSpeed(LEISURELY);
  // Four of the registry's six cores: of mine one can run, and two have to wait.
  await emulator.buildOutside("others/large:1", { cpu: 4 });
  const askedMs = Date.now();
  await form.start();
  await expect(page).toHaveURL(/\/registries\/[^/]+$/);
  await expect(registry.row(first).state).toHaveText(/^Running/);
  await expect(registry.row(failing).state).toHaveText(/^Queued/);
  await expect(registry.row(last).state, "I see how many stand in front of it").toHaveText(/^Queued\d+s · [12] ahead/);
  const seenMs = Date.now();
  await expect(registry.row(last).all).toContainText("nothing pushed yet");
  await expect(page.getByRole("link", { name: "Build images" }), "hidden while something is built").toHaveCount(0);

  const shownSeconds = new Map(mine.map((image) => [image, 0]));
  const expectRightTimes = async (window: Page): Promise<void> => {
    for (const image of mine) {
      const row = registryPageOn(window).row(image);
      await expect(row.state).toHaveText(image === first ? /^Running/ : /^Queued/);
      const atLeast = (Date.now() - seenMs) / 1000 - SLACK_SECONDS;
      const shown = await row.elapsedSeconds();
      const atMost = (Date.now() - askedMs) / 1000 + SLACK_SECONDS;
      expect(shown, `time of ${image}`).toBeGreaterThanOrEqual(atLeast);
      expect(shown, `time of ${image}`).toBeLessThanOrEqual(atMost);
      expect(shown, `time of ${image} since the look before`).toBeGreaterThanOrEqual(
        (shownSeconds.get(image) ?? 0) - 1,
      );
      shownSeconds.set(image, shown);
    }
  };
  await expectRightTimes(page);
  await page.reload();
  await expectRightTimes(page);

  const other = await (await browser.newContext(baseURL === undefined ? {} : { baseURL })).newPage();
  const shown = await recordRowStates(other, mine);
  const network = watchNetwork(other);
  await registryPageOn(other).open(registryId);
  await expect(registryPageOn(other).connection).toHaveText("Live");
  await expectRightTimes(other);
  await network.quiet();
  const requestsToLoad = network.requests.length;

  const runId = await emulator.buildOutside("others/late:1");
  for (const window of [page, other]) {
    await expect(registryPageOn(window).row(`run ${runId}`).state).toHaveText(/^Queued.*started outside Slipway$/);
  }
  await emulator.setSpeed(FAST);
  for (const window of [page, other]) {
    const { row } = registryPageOn(window);
    for (const image of [first, last]) {
      await expect(row(image).state).toHaveText("Available", { timeout: 90_000 });
      await expect(row(image).newestTag).toContainText("1.0.0");
      await expect(row(image).lastBuild).toContainText("Succeeded");
    }
    await expect(row(failing).state).toHaveText("Failed");
    await expect(row(failing).lastBuild, "it says why").toContainText(WHY_IT_FAILED);
    await expect(row("others/late").lastBuild).toContainText("Succeeded");
    await expect(row(`run ${runId}`).all, "nothing is left of its first row").toHaveCount(0);
    await expect(window.getByRole("link", { name: "Build images" }), "back when nothing is built").toBeVisible();
  }

  for (const [image, end] of [
    [first, "Available"],
    [failing, "Failed"],
    [last, "Available"],
  ] as const) {
    const inOrder = [...PROGRESS, end].filter((word) => shown.of(image).includes(word));
    expect(shown.of(image), `${image} never left and never went back`).toEqual(inOrder);
    expect(shown.of(image).at(-1)).toBe(end);
  }
  expect(network.requests.slice(requestsToLoad), "watching asks for nothing").toEqual([]);
  expect(repeatedIn(network.requests)).toEqual([]);
  expect(network.sockets).toEqual([expect.stringMatching(`:${new URL(stack.apiUrl).port}/graphql$`)]);
  await other.context().close();
});

/** The rest of a slow build takes minutes: it must not end before somebody has scrolled in its log. */
const WITH_TIME_TO_READ = 3;

test("I read a build's log from its first line while it is written, scroll up and come back, share a line and keep the whole of it", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  await emulator.setImageScenario("team/logged:1.0.0", "slow");
  await emulator.setSpeed(SLOW);
  const { open, log, line, lineCount, pixelsFromEnd } = buildPageOn(page);
  await open(await api.startBuild("team/logged:1.0.0"));
  await expect(page.getByText(/^No log yet\. |^Reading the log…$/).or(log)).toBeVisible();
  await expect(lineCount).toHaveText(/ · live$/);
  await expect.poll(() => log.evaluate(({ scrollTop }) => scrollTop), "it follows what is written").toBeGreaterThan(0);
  await emulator.setSpeed(WITH_TIME_TO_READ);
  await expect.poll(pixelsFromEnd).toBeLessThan(30);

  await log.hover();
  await page.mouse.wheel(0, -100_000);
  const resume = page.getByRole("button", { name: /^(\d+ new lines? · Resume|Follow)$/ });
  await expect(resume, "I scroll up, and it follows no more").toBeVisible();
  await page.mouse.wheel(0, -100_000);
  await expect(line(1), "and it stays there").toBeInViewport();
  await expect(resume).toHaveText(/^\d+ new lines? · Resume$/);
  await expect(line(1)).toBeInViewport();
  await resume.click();
  await expect.poll(pixelsFromEnd).toBeLessThan(30);

  await emulator.setSpeed(FAST);
  await expect(lineCount).toHaveText(/^\d+ lines · complete$/);
  await expect(log).toContainText(/Run ID: cf\d+ was successful after/);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Raw" }).click();
  const file = await readFile(await (await downloading).path(), "utf8");
  const lines = file.replace(/\n$/, "").split("\n");
  expect(`${lines.length} lines · complete`).toBe(await lineCount.textContent());
  expect(lines[0]).toMatch(/ Downloading source code\.\.\.$/);
  expect(lines.at(-1)).toMatch(/^Run ID: cf\d+ was successful after/);

  await log.hover();
  await page.mouse.wheel(0, -100_000);
  await line(3).click();
  await expect(page).toHaveURL(/#L3$/);
  const shared = await page.context().newPage();
  await shared.goto(page.url());
  await expect(buildPageOn(shared).line(3), "who follows the link sees the line").toBeInViewport();
  await expect(buildPageOn(shared).lineCount).toHaveText((await lineCount.textContent()) ?? "");
  await shared.close();
});

test("in a log of fifty thousand lines I am led to each line that I search for", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  await emulator.setImageScenario("team/talkative:1.0.0", "long-log");
  const { open, log, lineCount } = buildPageOn(page);
  await open(await api.startBuild("team/talkative:1.0.0"));
  await expect(lineCount).toHaveText(/^50,0\d\d lines · complete$/, { timeout: 90_000 });
  const search = page.getByRole("searchbox", { name: "Search the log" });
  for (const name of ["package-12345", "package-48765", "package-321"]) {
    await search.fill(`${name} `);
    await expect(page.getByText("1 of 1", { exact: true })).toBeVisible();
    await expect(log.getByText(`${name} `)).toBeInViewport();
  }
});

test("Azure replaces the log of a running build: a divider says so and the new log is whole", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  await emulator.setImageScenario("team/swapped:1.0.0", "log-replaced");
  await emulator.setSpeed(AS_AZURE);
  const { open, log, line, lineCount } = buildPageOn(page);
  await open(await api.startBuild("team/swapped:1.0.0"));
  await expect(lineCount).toHaveText(/ · live$/);
  await emulator.setSpeed(AT_EASE);
  const divider = log.getByRole("separator", { name: "Azure replaced the log; lines begin again at 1" });
  await expect(divider).toHaveText("log replaced by Azure · lines begin again");
  await expect(lineCount).toHaveText(/ · complete$/);
  await expect(log).toContainText(/Run ID: cf\d+ was successful after/);
  await log.hover();
  await page.mouse.wheel(0, -100_000);
  await expect(line(1)).toBeInViewport();
});

test("the registry's firewall locks Slipway out: I read what to do, the rows keep what was known, and all is well again without a reload", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  const { name } = DEMO.registry;
  const registry = registryPageOn(page);
  await registry.open(await api.findRegistryId());
  await registry.find("shop/");
  const web = registry.row("shop/web");
  await expect(web.newestTag).toContainText("sha256:");
  const known = (await web.newestTag.getByTitle(/^sha256:/).getAttribute("title")) ?? "";
  let loads = 0;
  page.on("load", () => (loads += 1));

  await emulator.setRegistryScenario(name, "locked");
  try {
    await expect(registry.problem).toBeVisible();
    await expect(registry.problem).toContainText("Let Slipway's address through the registry's firewall");
    await expect(registry.problem.getByRole("button", { name: /^Copy the command: Let [\d.]+ through/ })).toBeVisible();
    await expect(registry.problem).toContainText("Its images are what was last known");
    await expect(web.newestTag.getByTitle(known)).toBeVisible();
    await expect(registry.row("shop/api").newestTag).toContainText("sha256:");
  } finally {
    await emulator.setRegistryScenario(name, "open");
  }
  await expect(registry.problem).toHaveCount(0, { timeout: 90_000 });
  await expect(web.newestTag.getByTitle(known)).toBeVisible();
  expect(loads, "nobody reloaded the page").toBe(0);
});

test("the form tells me at the field that a git host is not allowed, and leads me to the build that runs already", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  const [image, tag] = ["team/twice", "1.0.0"];
  await emulator.setImageScenario(`${image}:${tag}`, "queued-forever");
  const running = await api.startBuild(`${image}:${tag}`);
  const schedules = async (): Promise<number> =>
    (await emulator.requests()).filter(({ path }) => path.includes("/scheduleRun?")).length;
  const before = await schedules();

  const form = buildFormOn(page);
  await form.open(await api.findRegistryId());
  await form.fill([{ image, tag, gitUrl: "https://git.example.com/owner/repository.git" }]);
  await form.start();
  const address = form.form.getByLabel("Git repository");
  await expect(address).toBeFocused();
  await expect(address).toHaveAttribute("aria-invalid", "true");
  await expect(address).toHaveAccessibleDescription(/^Builds from git\.example\.com are not allowed\. Allowed are /);

  await address.fill("https://github.com/contoso/shop.git");
  await form.start();
  const told = page.getByRole("alert").filter({ hasText: "This image and tag is being built already" });
  await expect(told).toBeVisible();
  await expect(address, "what I typed is still there").toHaveValue("https://github.com/contoso/shop.git");
  await told.getByRole("link", { name: "Watch it" }).click();
  await expect(page).toHaveURL(`/builds/${encodeURIComponent(running)}`);
  await expect(page.getByRole("heading", { level: 1, name: `${image}:${tag}` })).toBeVisible();
  expect(await schedules(), "Azure was asked for nothing").toBe(before);
});

test("I cancel a build after a question, and leaving the question stops nothing", async ({
  watchedPage: page,
  api,
  emulator,
}) => {
  const image = "team/unwanted";
  await emulator.setImageScenario(`${image}:1.0.0`, "queued-forever");
  await api.startBuild(`${image}:1.0.0`);
  const registry = registryPageOn(page);
  await registry.open(await api.findRegistryId());
  const row = registry.row(image);
  await expect(row.state).toHaveText(/^Queued/);
  const cancel = row.all.getByRole("button", { name: `Cancel build of ${image}` });
  await cancel.click();
  const question = page.getByRole("alertdialog", { name: `Cancel the build of ${image}:1.0.0?` });
  await expect(question.getByRole("button", { name: "Keep building" }), "the safe answer is at hand").toBeFocused();
  await page.keyboard.press("Escape");
  await expect(question).toHaveCount(0);
  await expect(row.state).toHaveText(/^Queued/);
  await cancel.click();
  await question.getByRole("button", { name: "Cancel build" }).click();
  await expect(question).toHaveCount(0);
  await expect(row.state).toHaveText("Canceled");
  await expect(row.lastBuild).toContainText("Canceled");
});

test.describe("everybody can read and use", () => {
  test("the registry, with builds in flight and open tags", async ({ watchedPage: page, api, emulator }) => {
    await emulator.setImageScenario("team/readable:1.0.0", "queued-forever");
    await api.startBuild("team/readable:1.0.0");
    const registry = registryPageOn(page);
    await registry.open(await api.findRegistryId());
    await expect(registry.row("team/readable").state).toHaveText(/^Queued/);
    await page
      .getByRole("button", { name: /tags of / })
      .first()
      .click();
    await expect(page.getByRole("list", { name: /^Newest tags of / })).toBeVisible();
    expect(await violationsOn(page, { looks: LOOKS })).toEqual([]);
    expect(await overflowOn(page)).toEqual([]);
  });

  test("the build form, also with errors", async ({ watchedPage: page, api }) => {
    const form = buildFormOn(page);
    await form.open(await api.findRegistryId());
    await form.form.getByRole("button", { name: "Add build argument" }).click();
    await form.start();
    await expect(page.getByText("Give a tag, such as 1.4.1.")).toBeVisible();
    expect(await violationsOn(page, { looks: LOOKS })).toEqual([]);
    expect(await overflowOn(page)).toEqual([]);
  });

  test("a build that failed, with its log", async ({ watchedPage: page, api, emulator }) => {
    await emulator.setImageScenario("team/unreadable:1.0.0", "fails");
    const build = buildPageOn(page);
    await build.open(await api.startBuild("team/unreadable:1.0.0"));
    await expect(build.lineCount).toHaveText(/ · complete$/, { timeout: 90_000 });
    await expect(page.getByText(WHY_IT_FAILED).first()).toBeVisible();
    expect(await violationsOn(page, { looks: LOOKS, inlineLinks: "log-number" })).toEqual([]);
    expect(await overflowOn(page)).toEqual([]);
  });
});
