import type { TokenCredential } from "@azure/core-auth";
import { DefaultAzureCredential } from "@azure/identity";

/** Signs in as whatever the machine offers: environment, workload or managed identity, `az login`. */
export function createAzureCredential(): TokenCredential {
  return new DefaultAzureCredential();
}

const HOUR_MS = 3_600_000;
/** Whom the emulator takes every caller for. */
const EMULATED_IDENTITY = { oid: "0d6e331f-af2e-4b30-b458-ee1cf5cbcd5e", idtyp: "app" };

/** A token that the emulator takes and that is worth nothing elsewhere: it is not signed. */
export function createEmulatorCredential(): TokenCredential {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const token = `${encode({ alg: "none" })}.${encode(EMULATED_IDENTITY)}.`;
  return { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + HOUR_MS }) };
}
