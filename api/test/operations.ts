import { expect } from "vitest";
import type { ApiClient } from "./api-client.ts";
import { operation } from "./documents.ts";
import type { FailureAnswer } from "./provisions.ts";
import type { Watch } from "./watch.ts";

export interface OperationProgress {
  readonly operationId: string;
  readonly kind: string;
  readonly sequence: number;
  readonly status: string;
  readonly label: string;
  readonly message: string | null;
  readonly percent: number;
  readonly elapsedSeconds: number;
  readonly clusterState: string | null;
  readonly nodePools: readonly { readonly name: string; readonly provisioningState: string; readonly tone: string }[];
  readonly failure: Pick<FailureAnswer, "category" | "message"> | null;
}

export interface OperationAnswer {
  readonly __typename: string;
  readonly operation?: { readonly id: string; readonly kind: string; readonly status?: string };
  readonly provision?: { readonly id: string };
  readonly message?: string;
  readonly code?: string;
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
}

export interface ClusterRow {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly powerState: string;
  readonly provisioningState: string;
  readonly nodePools: readonly { readonly name: string; readonly count: number; readonly provisioningState: string }[];
}

export async function clusters(api: ApiClient): Promise<readonly ClusterRow[]> {
  return (await api.data<{ clusters: ClusterRow[] }>(operation("Clusters"))).clusters;
}

/** Id of a cluster that the list shows. */
export async function clusterId(api: ApiClient, name: string): Promise<string> {
  const found = (await clusters(api)).find((cluster) => cluster.name === name);
  if (!found) throw new Error(`There is no cluster ${name} in the list.`);
  return found.id;
}

/** Sends one of the contract's mutations. */
export async function request(api: ApiClient, name: string, variables: object): Promise<OperationAnswer> {
  const answers = await api.data<Record<string, OperationAnswer>>(operation(name), variables);
  const [answer] = Object.values(answers);
  if (!answer) throw new Error(`${name} was not answered.`);
  return answer;
}

/** Id of an operation that must begin. */
export async function begin(api: ApiClient, name: string, variables: object): Promise<string> {
  const answer = await request(api, name, variables);
  if (answer.__typename !== `${name}Success` || !answer.operation)
    throw new Error(`${name} did not begin: ${JSON.stringify(answer)}`);
  return answer.operation.id;
}

export function watchOperation(api: ApiClient, operationId: string): Watch<OperationProgress> {
  return api.subscribe<OperationProgress>(operation("ClusterOperationProgress"), { operationId });
}

const isFinal = ({ status }: OperationProgress): boolean => ["SUCCEEDED", "FAILED", "CANCELED"].includes(status);

/** The messages of an operation that must end, up to its end, with what is promised of any two in a row. */
export async function untilOperationEnded(watch: Watch<OperationProgress>): Promise<OperationProgress> {
  await watch.completed;
  const last = watch.messages.at(-1);
  if (!last) throw new Error("The subscription completed without a message.");
  expect(isFinal(last), "the last message before the end is a final one").toBe(true);
  expect(watch.messages.filter(isFinal)).toHaveLength(1);
  watch.messages.forEach((message, index) => {
    const before = watch.messages[index - 1];
    if (!before) return;
    expect(message.sequence).toBeGreaterThan(before.sequence);
    expect(message.percent).toBeGreaterThanOrEqual(before.percent);
    const names = message.nodePools.map((pool) => pool.name);
    expect(names).toEqual(expect.arrayContaining(before.nodePools.map((pool) => pool.name)));
  });
  return last;
}

export async function operationToEnd(
  api: ApiClient,
  name: string,
  variables: object,
): Promise<{ id: string; last: OperationProgress; messages: readonly OperationProgress[] }> {
  const id = await begin(api, name, variables);
  const watch = watchOperation(api, id);
  return { id, last: await untilOperationEnded(watch), messages: watch.messages };
}
