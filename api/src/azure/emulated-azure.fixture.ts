import { createEmulator } from "../../arm-emulator/emulator.ts";
import { createAzureTime } from "../shared/azure-time.ts";
import type { AzureTime } from "../shared/azure-time.ts";
import { createAzureGateways } from "./azure-gateways.ts";
import type { AzureGateways } from "./azure-gateways.ts";

export interface RequestSeen {
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly effective: boolean;
}

/** An emulator of a test's own, its clock moved by hand, with gateways that talk to it. */
export interface EmulatedAzure {
  readonly url: string;
  readonly gateways: AzureGateways;
  readonly azureTime: AzureTime;
  /** Others that share nothing with the first but the emulator, as another process would. */
  freshGateways(): AzureGateways;
  /** Moves the emulator's clock on. */
  advance(seconds: number): void;
  /** A call of its control plane, `POST faults` for one. */
  control(call: string, body?: unknown): Promise<unknown>;
  /** Requests since the last call. */
  requests(): Promise<readonly RequestSeen[]>;
  stop(): Promise<void>;
}

export async function startEmulatedAzure(): Promise<EmulatedAzure> {
  const emulator = await createEmulator({ port: 0, speed: 0, seed: "demo" });
  const azureTime = createAzureTime(1);
  const freshGateways = (): AzureGateways =>
    createAzureGateways({ mode: "emulator", emulatorUrl: emulator.url, azureTime });
  let lastSeen = 0;

  const control = async (call: string, body?: unknown): Promise<unknown> => {
    const [method = "", path = ""] = call.split(" ");
    const response = await fetch(`${emulator.url}/_emulator/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${call} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };

  return {
    url: emulator.url,
    gateways: freshGateways(),
    azureTime,
    freshGateways,
    advance: (seconds) => emulator.advance(seconds),
    control,
    async requests() {
      const seen = (await control(`GET requests?since=${lastSeen}`)) as RequestSeen[];
      lastSeen = seen.at(-1)?.n ?? lastSeen;
      return seen;
    },
    stop: () => emulator.stop(),
  };
}
