import { defineConfig } from "@playwright/test";
import { chromiumLaunchOptions } from "./fixtures/chromium.ts";

// Every worker has a whole Slipway of its own; the tests wait for Azure's emulator far more than they compute.
export default defineConfig({
  testDir: "./tests",
  outputDir: "./test-results",
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  // Tells a busy machine from a defect: what passes only when tried again is listed as flaky, and is to be mended.
  retries: 2,
  // Four looks of a page by axe take a busy machine more than a minute; a test that hangs is what this is for.
  timeout: 300_000,
  expect: { timeout: 45_000 },
  reporter: [["line"]],
  // A trace's screencast costs as much as the page itself.
  use: { launchOptions: chromiumLaunchOptions(), trace: "on-first-retry", locale: "en-GB", timezoneId: "UTC" },
});
