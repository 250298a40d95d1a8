import { defineConfig } from "@playwright/test";
import { chromiumLaunchOptions } from "./fixtures/chromium.ts";

// One worker: every test has a whole Slipway of its own, and two at once would slow each other.
export default defineConfig({
  testDir: "./tests",
  outputDir: "./test-results",
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [["line"]],
  use: { launchOptions: chromiumLaunchOptions(), trace: "retain-on-failure", locale: "en-GB", timezoneId: "UTC" },
});
