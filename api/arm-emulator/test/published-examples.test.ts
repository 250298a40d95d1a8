import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { createEmulator } from "../emulator.ts";
import type { Emulator } from "../emulator.ts";
import { CLEAN, judge } from "./published-case.ts";
import type { Azure } from "./published-case.ts";
import { AKS_CASES } from "./published-cases-aks.ts";
import { PLATFORM_CASES } from "./published-cases-platform.ts";

let emulator: Emulator;

beforeEach(async () => {
  emulator = await createEmulator({ port: 0, speed: 0, seed: "demo" });
});

afterEach(() => emulator.stop());

const azure: Azure = {
  async send(method, path, body) {
    const response = await fetch(emulator.url + path, {
      method,
      headers: { authorization: "Bearer any", "x-emu-host": "management.azure.com", "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: text === "" ? undefined : (JSON.parse(text) as unknown),
    };
  },
  advance: (seconds) => emulator.advance(seconds),
  async script(cluster, scenario) {
    const response = await fetch(`${emulator.url}/_emulator/scenarios`, { method: "POST", body: JSON.stringify({ cluster, scenario }) });
    expect(response.status).toBe(200);
  },
};

describe("in the demo world, by Microsoft's published examples", () => {
  test.each([...PLATFORM_CASES, ...AKS_CASES])("$answer has the names, nesting and types of $example ($status)", async (published) => {
    const answer = await published.ask(azure);
    expect({ status: answer.status, ...judge(published, answer) }).toEqual({ status: published.status, ...CLEAN });
  });
});
