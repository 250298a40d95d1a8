import type { TokenCredential } from "@azure/core-auth";
import { DefaultAzureCredential } from "@azure/identity";

/** Signs in as whatever the machine offers: environment, workload or managed identity, `az login`. */
export function createAzureCredential(): TokenCredential {
  return new DefaultAzureCredential();
}

const HOUR_MS = 3_600_000;

/** A token that the emulator takes and that is worth nothing elsewhere. */
export function createEmulatorCredential(): TokenCredential {
  return { getToken: () => Promise.resolve({ token: "emulator", expiresOnTimestamp: Date.now() + HOUR_MS }) };
}
