import fs from "fs";
import { Readable } from "node:stream";
import { other } from "./cycle.ts";
export const a: any = process.env["X"];
async function f(): Promise<void> {}
export default function g(k: "a" | "b"): Readable | undefined {
  f();
  setTimeout(() => {}, 1);
  globalThis.setTimeout(() => {}, 1);
  console.log(fs, other);
  [1].forEach(async () => { await f(); });
  // TODO: more
  // @ts-ignore
  const x: number = "s";
  switch (k) { case "a": return undefined; }
  if (x == null) return undefined as unknown as Readable;
  return ({} as { r?: Readable }).r!;
}
