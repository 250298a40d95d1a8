import { beforeEach, describe, expect, test } from "vitest";
import { createAzureTime } from "../../shared/azure-time.ts";
import { createManualClock } from "../../shared/clock.ts";
import type { AcrGateway } from "../acr-gateway.ts";
import type { RegistryStore } from "../registry-store.ts";
import type { Registry } from "../registry.ts";
import type { AcrBuild } from "./acr-build.ts";
import { createBuildLogs, type BuildLogMessage, type BuildLogs } from "./build-log.ts";
import type { FollowLogDeps } from "./follow-log.ts";

const REGISTRY = { name: "demoacr", loginServer: "demoacr.azurecr.io" } as Registry;
const MIB = 1024 * 1024;

let logs: BuildLogs;
let deps: FollowLogDeps;
let blobs: Map<string, Uint8Array>;
let isRunning: boolean;
let createdOn: string | undefined;
let reads: { readonly runId: string; readonly fromByte: number; readonly maxBytes: number }[];

beforeEach(() => {
  blobs = new Map();
  isRunning = false;
  createdOn = undefined;
  reads = [];
  const acr: Partial<AcrGateway> = {
    getLogUrl: async (_registry, runId) => runId,
    async readLog(runId, fromByte, maxBytes) {
      reads.push({ runId, fromByte, maxBytes });
      const blob = blobs.get(runId);
      if (!blob) return { kind: "missing" };
      const bytes = blob.subarray(fromByte, fromByte + maxBytes);
      return { kind: "chunk", bytes, totalBytes: blob.length, createdOn, isComplete: !isRunning };
    },
  };
  const store: Partial<RegistryStore> = { readBuild: async (id) => buildOf(id) };
  deps = {
    acr: acr as AcrGateway,
    store: store as RegistryStore,
    clock: createManualClock(),
    azureTime: createAzureTime(1),
  };
  logs = createBuildLogs(deps);
});

function buildOf(id: string): AcrBuild {
  return { id, runId: id, status: isRunning ? "RUNNING" : "SUCCEEDED" } as AcrBuild;
}

function write(runId: string, lines: readonly string[]): void {
  blobs.set(runId, new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join("")));
}

async function read(runId: string, afterLine = 0, logId?: string): Promise<BuildLogMessage[]> {
  const messages: BuildLogMessage[] = [];
  for await (const message of logs.stream(REGISTRY, buildOf(runId), afterLine, logId)) messages.push(message);
  return messages;
}

/** What a reader is told who leaves after the first message. */
async function glance(runId: string): Promise<BuildLogMessage> {
  const stream = logs.stream(REGISTRY, buildOf(runId), 0);
  const { value } = await stream.next();
  await stream.return();
  if (!value) throw new Error("a message was expected");
  return value;
}

test("a log that is complete is read from Azure once, though its readers leave and others come", async () => {
  write("cf1", ["one", "two"]);
  const first = await read("cf1");
  expect(first.flatMap(({ lines }) => lines)).toEqual(["one", "two"]);
  const asked = reads.length;
  expect(await read("cf1")).toEqual(first);
  expect(reads.length).toBe(asked);
});

test("one that has no line yet is asked for again", async () => {
  expect((await read("cf1")).flatMap(({ lines }) => lines)).toEqual([]);
  write("cf1", ["one"]);
  expect((await read("cf1")).flatMap(({ lines }) => lines)).toEqual(["one"]);
});

test("logs are kept within a bound, those that were looked at last", async () => {
  const runs = ["cf1", "cf2", "cf3"];
  for (const runId of runs)
    write(
      runId,
      Array.from({ length: 11 * 1024 }, () => "x".repeat(1_023)),
    );
  for (const runId of ["cf1", "cf2", "cf1", "cf3"]) await read(runId);
  reads = [];
  for (const runId of ["cf1", "cf3", "cf2"]) await read(runId);
  expect(new Set(reads.map(({ runId }) => runId))).toEqual(new Set(["cf2"]));
});

test("a long log comes in few messages of a bounded size, its first lines after a small read", async () => {
  write(
    "cf1",
    Array.from({ length: 50_000 }, (_, index) => `npm http fetch GET 200 https://registry.example.com/${index}`),
  );
  const messages = await read("cf1");
  const sizes = messages.map(({ lines }) => lines.reduce((sum, line) => sum + line.length + 1, 0));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(256 * 1024);
  expect(messages.length).toBeLessThan(20);
  expect(messages.flatMap(({ lines }) => lines)).toHaveLength(50_000);
  expect(reads[0]?.maxBytes).toBe(64 * 1024);
  expect(messages[0]?.lines.length).toBeLessThan(2_000);
});

test("takes a chunk of a million empty lines", async () => {
  blobs.set("cf1", new Uint8Array(MIB).fill(10));
  expect((await read("cf1")).reduce((sum, { lines }) => sum + lines.length, 0)).toBe(MIB);
});

describe("a log that Azure replaces by a longer one while its reader is away", () => {
  const OLD = ["old one", "old two"];
  const NEW = ["new one", "new two", "new three"];
  let known: BuildLogMessage;

  beforeEach(async () => {
    isRunning = true;
    createdOn = "Thu, 26 Nov 2026 06:00:00 GMT";
    write("cf1", OLD);
    known = await glance("cf1");
    expect(known.lines).toEqual(OLD);
  });

  function replace(): void {
    createdOn = "Thu, 26 Nov 2026 06:05:00 GMT";
    write("cf1", NEW);
    isRunning = false;
  }

  test.each([
    ["says which log it knows", () => known.logId],
    ["says nothing of it, on a server that had read the old one", () => undefined],
  ])("begins anew for one who %s", async (_who, logIdOf) => {
    replace();
    const messages = await read("cf1", 2, logIdOf());
    expect(messages).toMatchObject([{ restarted: true, firstLine: 1, lines: NEW, complete: true }]);
    expect(messages[0]?.logId).not.toBe(known.logId);
  });

  test("begins anew on a server that never read the old one, by what the reader says", async () => {
    replace();
    logs = createBuildLogs(deps);
    expect(await read("cf1", 2, known.logId)).toMatchObject([{ restarted: true, firstLine: 1, lines: NEW }]);
  });

  test("begins anew though Azure does not tell when the log was made", async () => {
    createdOn = undefined;
    write("cf2", OLD);
    const { logId } = await glance("cf2");
    write("cf2", NEW);
    isRunning = false;
    expect(await read("cf2", 2, logId)).toMatchObject([{ restarted: true, firstLine: 1, lines: NEW }]);
  });

  test("goes on for one who has read the new one already", async () => {
    replace();
    const [whole] = await read("cf1");
    expect(whole).toMatchObject({ restarted: false, lines: NEW });
    for (const createLogs of [() => logs, () => createBuildLogs(deps)]) {
      logs = createLogs();
      expect(await read("cf1", 2, whole?.logId)).toMatchObject([
        { restarted: false, firstLine: 3, lines: ["new three"] },
      ]);
    }
  });
});

test("a log that only grew goes on behind what its reader has, on any server", async () => {
  isRunning = true;
  write("cf1", ["one"]);
  const { logId } = await glance("cf1");
  write("cf1", ["one", "two"]);
  isRunning = false;
  for (const known of [logId, undefined]) {
    logs = createBuildLogs(deps);
    expect(await read("cf1", 1, known)).toMatchObject([{ restarted: false, firstLine: 2, lines: ["two"], logId }]);
  }
});
