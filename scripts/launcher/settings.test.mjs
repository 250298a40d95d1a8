import { afterEach, expect, test, vi } from "vitest";
import { readSettings } from "./settings.mjs";

afterEach(() => vi.unstubAllEnvs());

test("a data folder that can't be one is a problem of the settings", async () => {
  vi.stubEnv("SLIPWAY_DATA_DIR", process.execPath);
  expect(await readSettings(process.execPath)).toEqual({
    ok: false,
    problems: [
      `SLIPWAY_DATA_DIR must name a folder that can be written; '${process.execPath}' can't be: it is a file.`,
    ],
  });
});

test("settings are read although Node warns of the environment on its other stream", async () => {
  vi.stubEnv("NO_COLOR", "1");
  vi.stubEnv("FORCE_COLOR", "1");
  vi.stubEnv("SLIPWAY_API_PORT", "4123");
  const settings = await readSettings(process.execPath);
  expect(settings).toMatchObject({ ok: true, config: { api: { port: 4123 } } });
});
