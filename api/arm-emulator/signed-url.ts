import { createHash } from "node:crypto";

/** Length of Azure's own signed operation URLs, within a few characters. */
const CERTIFICATE_CHARACTERS = 2900;
const SIGNATURE_CHARACTERS = 342;

/**
 * The signature part of an operation's URL: `t` (when it was made), `c` (a certificate), `s` and `h`.
 * The same for the same operation every time. It is as long as the real thing (3.5 kB in all), which is
 * what callers that store or log the URL need to meet; it proves nothing and is not checked.
 */
export function signedQuery(operationId: string, startMs: number): string {
  // .NET ticks since 1601, as ARM stamps them.
  const ticks = (BigInt(startMs) + 11_644_473_600_000n) * 10_000n;
  const certificate = "MII" + fill(`c${operationId}`, CERTIFICATE_CHARACTERS);
  const signature = fill(`s${operationId}`, SIGNATURE_CHARACTERS);
  return `t=${ticks}&c=${certificate}&s=${signature}&h=${fill(`h${operationId}`, 43)}`;
}

function fill(seed: string, length: number): string {
  let text = "";
  for (let round = 0; text.length < length; round++) {
    text += createHash("sha512").update(`${seed}/${round}`).digest("base64url");
  }
  return text.slice(0, length);
}
