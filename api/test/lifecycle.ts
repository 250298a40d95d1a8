import type { ApiClient } from "./api-client.ts";
import type { AzureControl } from "./azure-control.ts";
import { operation } from "./documents.ts";
import type { FailureAnswer, TimelineRow } from "./provisions.ts";

export interface Outcome {
  readonly clusterName: string;
  readonly status: string;
  readonly failure: FailureAnswer | null;
  readonly leftovers: readonly { readonly kind: string; readonly resourceId: string }[];
  readonly timeline: readonly TimelineRow[];
}

export async function outcomeOf(api: ApiClient, id: string): Promise<Outcome> {
  return (await api.data<{ provision: Outcome }>(operation("Provision"), { id })).provision;
}

export function leftKinds({ leftovers }: Outcome): readonly string[] {
  return leftovers.map(({ kind }) => kind);
}

export interface ChangeAnswer {
  readonly __typename: string;
  readonly provision?: { readonly id: string; readonly status: string; readonly dismissedAt?: string };
  readonly code?: string;
  readonly message?: string;
}

/** Answer of a mutation that takes a provision's id, named as in the contract. */
export async function change(
  api: ApiClient,
  name: "CancelProvision" | "DismissProvision" | "RetryProvision" | "GrantRoles",
  provisionId: string,
): Promise<ChangeAnswer> {
  const answer = await api.data<Record<string, ChangeAnswer>>(operation(name), { provisionId });
  const [only] = Object.values(answer);
  if (!only) throw new Error(`${name} was not answered.`);
  return only;
}

const LIFECYCLE = `query Lifecycle($id: ID!) {
  provision(id: $id) {
    status needsAttention dismissedAt dismissedBy canceledBy
    amendments { kind message }
    progress { sequence retry { reason nextTryAt attempts } }
  }
}`;

export interface Lifecycle {
  readonly status: string;
  readonly needsAttention: boolean;
  readonly dismissedAt: string | null;
  readonly dismissedBy: string | null;
  readonly canceledBy: string | null;
  readonly amendments: readonly { readonly kind: string; readonly message: string }[];
  readonly progress: { readonly sequence: number };
}

export async function lifecycleOf(api: ApiClient, id: string): Promise<Lifecycle> {
  return (await api.data<{ provision: Lifecycle }>(LIFECYCLE, { id })).provision;
}

export async function idsNeedingAttention(api: ApiClient): Promise<readonly string[]> {
  const { provisions } = await api.data<{ provisions: { edges: { node: { id: string } }[] } }>(
    "{ provisions(first: 50, needsAttention: true) { edges { node { id } } } }",
  );
  return provisions.edges.map(({ node }) => node.id);
}

/** Somebody else's request to Azure, past Slipway. */
export async function outside(
  azure: AzureControl,
  method: string,
  path: string,
  options: { readonly body?: object } = {},
): Promise<void> {
  const version = /providers/i.test(path) ? "2026-03-01" : "2024-07-01";
  const answer = await fetch(`${azure.url}${path}?api-version=${version}`, {
    method,
    headers: {
      authorization: "Bearer somebody-else",
      "content-type": "application/json",
      connection: "close",
      "x-emu-host": "management.azure.com",
    },
    ...(options.body ? { body: JSON.stringify(options.body) } : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}
