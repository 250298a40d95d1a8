import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createEmulator } from "../emulator.ts";
import type { Emulator } from "../emulator.ts";
import { allProviders } from "../providers/all-providers.ts";
import { createRouter } from "../router.ts";
import { changedAnswers } from "./changed-answers.ts";
import { CLEAN, createDetector, judge, judgeBy, readPublished } from "./published-case.ts";
import type { Azure, WireAnswer } from "./published-case.ts";
import { AKS_CASES } from "./published-cases-aks.ts";
import { codeOf, ERROR_CASES, publishedError, WRAPPED_ERRORS } from "./published-cases-errors.ts";
import { DEFINITION_CASES, PLATFORM_CASES } from "./published-cases-platform.ts";
import { REGISTRY_CASES, WITHOUT_REGISTRY_CASE } from "./published-cases-registry.ts";
import { RESOURCE_CASES, RESOURCE_LIST_CASES } from "./published-cases-resources.ts";
import { notInDefinition } from "./published-definition.ts";

const PUBLISHED_CASES = [...PLATFORM_CASES, ...RESOURCE_CASES, ...AKS_CASES, ...REGISTRY_CASES];
const COMMON_TYPE_CASES = [...DEFINITION_CASES, ...RESOURCE_LIST_CASES];

/** Operations of the emulator that no case asks for, and why. */
const WITHOUT_CASE: Readonly<Record<string, string>> = {
  "operationResults.get": "has no body, 202 or 204",
  "resourceGroups.checkExistence": "has no body, 204 or 404",
  "resourceOperationResults.get": "has no body, 202 or 200",
  "providers.unregister": "has no published example",
  "tokens.get": "is Microsoft Entra's, not ARM's",
  ...WITHOUT_REGISTRY_CASE,
};

let emulator: Emulator;

beforeEach(async () => {
  emulator = await createEmulator({ port: 0, speed: 0, seed: "demo" });
});

afterEach(() => emulator.stop());

async function request(method: string, path: string, init: RequestInit): Promise<WireAnswer> {
  const response = await fetch(emulator.url + path, { method, ...init });
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: text === "" ? undefined : (JSON.parse(text) as unknown),
  };
}

async function script(scenario: object): Promise<void> {
  const init = { method: "POST", body: JSON.stringify(scenario) };
  expect((await fetch(`${emulator.url}/_emulator/scenarios`, init)).status).toBe(200);
}

const azure: Azure = {
  send: (method, path, body) =>
    request(method, path, {
      headers: {
        authorization: "Bearer any",
        "x-emu-host": "management.azure.com",
        "content-type": "application/json",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  sendTo: (host, method, path) => request(method, path, { headers: { "x-emu-host": host } }),
  advance: (seconds) => emulator.advance(seconds),
  script: (cluster, scenario) => script({ cluster, scenario }),
  scriptRegistry: (registry, scenario) => script({ registry, scenario }),
};

describe("in the demo world, by Microsoft's published examples", () => {
  test.each(PUBLISHED_CASES)("$answer has the names, nesting and types of $example ($status)", async (published) => {
    const answer = await published.ask(azure);
    expect({ status: answer.status, ...judge(published, answer) }).toEqual({ status: published.status, ...CLEAN });
  });
});

describe("a wrong field would be found", () => {
  test.each(PUBLISHED_CASES)("in $answer: renamed, nested or of another type", async (published) => {
    const answer = await published.ask(azure);
    const isFound = createDetector(published);
    const missed = changedAnswers(answer.body ?? {}).filter(({ body }) => !isFound(body));
    expect(missed.map(({ change }) => change)).toEqual([]);
  });
});

describe("an error, by published answers of the same kind", () => {
  test.each(ERROR_CASES)("$situation has the code, names, nesting and types", async (errorCase) => {
    const published = publishedError(errorCase.situation);
    const answer = await errorCase.ask(azure);
    const status = published.status_unverified === true ? answer.status : published.status;
    expect({ status: answer.status, code: codeOf(answer.body), ...judgeBy(published, errorCase, answer) }).toEqual({
      status,
      code: codeOf(published.body),
      ...CLEAN,
    });
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

  test.each(COMMON_TYPE_CASES)("$answer is a $definition", async ({ definition, ask }) => {
    const answer = await ask(azure);
    expect(answer.status).toBe(200);
    expect(notInDefinition(definition, answer.body)).toEqual([]);
  });
});

test("every operation that the emulator answers has its case", async () => {
  const router = createRouter(allProviders);
  const asked = new Set<string>();
  const recording: Azure = {
    ...azure,
    send: (method, path, body) => {
      const { pathname } = new URL(`http://emulator${path}`);
      asked.add(router.match(method, pathname.replace(/\/{2,}/g, "/")).route.operation);
      return azure.send(method, path, body);
    },
  };
  for (const { ask } of [...PUBLISHED_CASES, ...COMMON_TYPE_CASES]) {
    await fetch(`${emulator.url}/_emulator/reset`, { method: "POST", body: JSON.stringify({ seed: "demo" }) });
    await ask(recording);
  }
  const all = allProviders.flatMap(({ routes }) => routes.map(({ operation }) => operation));
  expect(all.filter((operation) => !asked.has(operation)).toSorted()).toEqual(Object.keys(WITHOUT_CASE).toSorted());
});
