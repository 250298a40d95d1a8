import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createEmulator } from "../emulator.ts";
import type { Emulator } from "../emulator.ts";
import { CLEAN, judge } from "./published-case.ts";
import type { Ask, WireAnswer } from "./published-case.ts";
import { PLATFORM_CASES } from "./published-cases-platform.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await createEmulator({ port: 0, speed: 0, seed: "demo" });
});

afterAll(() => emulator.stop());

const ask: Ask = async (method, path, body, headers = {}): Promise<WireAnswer> => {
  const response = await fetch(emulator.url + path, {
    method,
    headers: { authorization: "Bearer any", "x-emu-host": "management.azure.com", "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: text === "" ? undefined : (JSON.parse(text) as unknown),
  };
};

describe("in the demo world, by Microsoft's published examples", () => {
  test.each(PLATFORM_CASES)("$answer has the names, nesting and types of $example ($status)", async (published) => {
    const answer = await published.ask(ask);
    expect({ status: answer.status, ...judge(published, answer) }).toEqual({ status: published.status, ...CLEAN });
  });
});
