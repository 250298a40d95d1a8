import { beforeEach, expect, test } from "vitest";
import { createAzureTime } from "../../shared/azure-time.ts";
import { createManualClock } from "../../shared/clock.ts";
import type { AcrGateway } from "../acr-gateway.ts";
import type { RegistryStore } from "../registry-store.ts";
import type { Registry } from "../registry.ts";
import type { AcrBuild } from "./acr-build.ts";
import { createBuildLogs, type BuildLogMessage, type BuildLogs } from "./build-log.ts";

const REGISTRY = { name: "demoacr", loginServer: "demoacr.azurecr.io" } as Registry;
const MIB = 1024 * 1024;

let logs: BuildLogs;
let blobs: Map<string, Uint8Array>;
let reads: { readonly runId: string; readonly fromByte: number; readonly maxBytes: number }[];

beforeEach(() => {
  blobs = new Map();
  reads = [];
  const acr: Partial<AcrGateway> = {
    getLogUrl: async (_registry, runId) => runId,
    async readLog(runId, fromByte, maxBytes) {
      reads.push({ runId, fromByte, maxBytes });
      const blob = blobs.get(runId);
      if (!blob) return { kind: "missing" };
      const bytes = blob.subarray(fromByte, fromByte + maxBytes);
      return { kind: "chunk", bytes, totalBytes: blob.length, createdOn: undefined, isComplete: true };
    },
  };
  const store: Partial<RegistryStore> = { readBuild: async (id) => ended(id) };
  logs = createBuildLogs({
    acr: acr as AcrGateway,
    store: store as RegistryStore,
    clock: createManualClock(),
    azureTime: createAzureTime(1),
  });
});

function ended(id: string): AcrBuild {
  return { id, runId: id, status: "SUCCEEDED" } as AcrBuild;
}

function write(runId: string, lines: readonly string[]): void {
  blobs.set(runId, new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join("")));
}

async function read(runId: string): Promise<BuildLogMessage[]> {
  const messages: BuildLogMessage[] = [];
  for await (const message of logs.stream(REGISTRY, ended(runId), 0)) messages.push(message);
  return messages;
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
