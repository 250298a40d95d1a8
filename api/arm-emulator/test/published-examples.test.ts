import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { createEmulator } from "../emulator.ts";
import type { Emulator } from "../emulator.ts";
import { CLEAN, judge, judgeBy, readPublished } from "./published-case.ts";
import type { Azure } from "./published-case.ts";
import { AKS_CASES } from "./published-cases-aks.ts";
import { codeOf, ERROR_CASES, publishedError, WRAPPED_ERRORS } from "./published-cases-errors.ts";
import { DEFINITION_CASES, PLATFORM_CASES } from "./published-cases-platform.ts";
import { notInDefinition } from "./published-definition.ts";

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

describe("an error, by published answers of the same kind", () => {
  test.each(ERROR_CASES)("$situation has the code, names, nesting and types", async (errorCase) => {
    const published = publishedError(errorCase.situation);
    const answer = await errorCase.ask(azure);
    expect({ code: codeOf(answer.body), ...judgeBy(published, errorCase, answer) }).toEqual({ code: codeOf(published.body), ...CLEAN });
    if (published.status_unverified !== true) expect(answer.status).toBe(published.status);
  });

  test("every published answer that is kept here has its case", () => {
    const situations = (readPublished("errors") as { situation: string }[]).map(({ situation }) => situation);
    expect(ERROR_CASES.map(({ situation }) => situation).toSorted()).toEqual(situations.toSorted());
  });
});

describe("by ARM's common types", () => {
  test.each(WRAPPED_ERRORS)("$code is an ErrorResponse with code and message", async ({ code, status, ask }) => {
    const answer = await ask(azure);
    expect({ status: answer.status, code: codeOf(answer.body) }).toEqual({ status, code });
    expect(notInDefinition("ErrorResponse", answer.body)).toEqual([]);
    expect(answer.body).toMatchObject({ error: { message: expect.stringMatching(/\S/) as unknown } });
  });

  test.each(DEFINITION_CASES)("$answer is a $definition", async ({ definition, ask }) => {
    const answer = await ask(azure);
    expect(answer.status).toBe(200);
    expect(notInDefinition(definition, answer.body)).toEqual([]);
  });
});
