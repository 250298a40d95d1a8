import type { NodePoolInput } from "./operations/operation-documents.ts";
import { noPoolOptions, type PoolOptions, toOptionsInput } from "./pool-options.ts";

/** A new node pool as it stands in the dialog. */
export interface AddPoolValues extends PoolOptions {
  name: string;
  mode: "SYSTEM" | "USER";
  vmSize: string;
  count: number | null;
}

export function newPoolValues(): AddPoolValues {
  return { name: "", mode: "USER", vmSize: "", count: 1, ...noPoolOptions() };
}

/** What is sent. A number that was left empty goes as one that the server refuses, so that it names the field. */
export function toPoolInput(values: AddPoolValues): NodePoolInput {
  const { name, mode, vmSize, count } = values;
  return { name: name.trim(), mode, vmSize, count: count ?? -1, ...toOptionsInput(values) };
}
