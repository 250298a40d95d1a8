import { expect } from "vitest";
import { DEMO } from "../arm-emulator/seed/demo-names.ts";
import type { ApiClient } from "./api-client.ts";
import { operation } from "./documents.ts";
import type { Watch } from "./watch.ts";

export interface PoolProgress {
  readonly name: string;
  readonly mode: string;
  readonly vmSize: string;
  readonly count: number;
  readonly provisioningState: string;
  readonly tone: string;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface FailureAnswer {
  readonly code: string;
  readonly category: string;
  readonly message: string;
  readonly correlationId: string | null;
  readonly remedies: readonly {
    readonly kind: string;
    readonly label: string;
    readonly url: string | null;
    readonly command: string | null;
  }[];
}

export interface Progress {
  readonly provisionId: string;
  readonly sequence: number;
  readonly status: string;
  readonly phase: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly label: string;
  readonly message: string | null;
  readonly percent: number;
  readonly startedAt: string;
  readonly observedAt: string;
  readonly elapsedSeconds: number;
  readonly armElapsedSeconds: number | null;
  readonly clusterState: string | null;
  readonly portalUrl: string | null;
  readonly expected: { readonly lowSeconds: number; readonly highSeconds: number; readonly samples: number } | null;
  readonly pace: string;
  readonly nodePools: readonly PoolProgress[];
  readonly failure: FailureAnswer | null;
}

export interface TimelineRow {
  readonly sequence: number;
  readonly at: string;
  readonly phase: string;
  readonly message: string;
  readonly clusterState: string | null;
}

export interface StartAnswer {
  readonly __typename: string;
  readonly provision?: { readonly id: string };
  readonly message?: string;
  readonly code?: string;
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
}

export interface ProvisionInput {
  readonly [field: string]: unknown;
  readonly clusterName: string;
  readonly resourceGroup: string;
}

/** A small cluster that the demo world has room for, in a resource group that does not exist yet. */
export function clusterInput(clusterName: string, changes: object = {}): ProvisionInput {
  return {
    subscriptionId: DEMO.subscriptionId,
    resourceGroup: `${clusterName}-rg`,
    location: DEMO.location,
    clusterName,
    nodePools: [
      { name: "systempool", mode: "SYSTEM", vmSize: "Standard_D2s_v3", count: 1 },
      { name: "apps", mode: "USER", vmSize: "Standard_D4s_v3", count: 2 },
    ],
    ...changes,
  };
}

export async function tryStart(api: ApiClient, input: object): Promise<StartAnswer> {
  return (await api.data<{ startProvision: StartAnswer }>(operation("StartProvision"), { input })).startProvision;
}

/** Id of a provision that must start. */
export async function startProvision(api: ApiClient, input: object): Promise<string> {
  const answer = await tryStart(api, input);
  if (answer.__typename !== "StartProvisionSuccess" || !answer.provision)
    throw new Error(`The provision did not start: ${JSON.stringify(answer)}`);
  return answer.provision.id;
}

export function watchProgress(api: ApiClient, provisionId: string): Watch<Progress> {
  return api.subscribe<Progress>(operation("ProvisionProgress"), { provisionId });
}

export function watchTimeline(api: ApiClient, provisionId: string, afterSequence?: number): Watch<TimelineRow> {
  return api.subscribe<TimelineRow>(operation("ProvisionTimeline"), { provisionId, afterSequence });
}

export const isTerminal = ({ status }: { readonly status: string }): boolean =>
  ["SUCCEEDED", "FAILED", "CANCELED"].includes(status);

/** The messages of a provision that must end, up to its end. */
export async function untilEnded(watch: Watch<Progress>): Promise<Progress> {
  await watch.completed;
  const last = watch.messages.at(-1);
  if (!last) throw new Error("The subscription completed without a message.");
  expect(isTerminal(last), "the last message before the end is a terminal one").toBe(true);
  expect(watch.messages.filter(isTerminal)).toHaveLength(1);
  return last;
}

/** Starts one, watches it from the beginning to its end. */
export async function provisionToEnd(
  api: ApiClient,
  input: object,
): Promise<{ id: string; last: Progress; messages: readonly Progress[] }> {
  const id = await startProvision(api, input);
  const watch = watchProgress(api, id);
  return { id, last: await untilEnded(watch), messages: watch.messages };
}

/** What the contract promises of any two messages in a row. */
export function expectProgressPromises(messages: readonly Progress[]): void {
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    if (!before) return;
    expect(message.sequence).toBeGreaterThan(before.sequence);
    expect(message.percent).toBeGreaterThanOrEqual(before.percent);
    expect(message.step).toBeGreaterThanOrEqual(before.step);
    expect(message.elapsedSeconds).toBeGreaterThanOrEqual(before.elapsedSeconds);
    expect(message.startedAt).toBe(before.startedAt);
    const names = message.nodePools.map((pool) => pool.name);
    expect(names).toEqual(expect.arrayContaining(before.nodePools.map((pool) => pool.name)));
    if (before.portalUrl !== null) expect(message.portalUrl).toBe(before.portalUrl);
  });
}

/** 1, 2, 3 … without gap or duplicate. */
export function expectContiguous(rows: readonly { readonly sequence: number }[], from = 1): void {
  expect(rows.map((row) => row.sequence)).toEqual(rows.map((_row, index) => from + index));
}
