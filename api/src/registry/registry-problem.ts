import type { AzureError } from "../shared/azure-error.ts";
import { command, link, type Remedy } from "../shared/remedy.ts";
import { missingRole } from "./registry-roles.ts";
import type { Registry } from "./registry.ts";

/** Why a part of a registry can't be read. */
export interface RegistryProblem {
  readonly code: string;
  /** What is wrong and what to do, for people. */
  readonly message: string;
  /** Commands and pages that help; missing in problems that were stored before there were any. */
  readonly remedies?: readonly Remedy[];
}

/** Azure Resource Manager tells the builds, the data plane the images. */
export type RegistrySide = "arm" | "data plane";

/** What can't be read, in Azure's own words and with what to do. */
export function registryProblem(registry: Registry, side: RegistrySide, error: AzureError): RegistryProblem {
  const what = side === "arm" ? `The builds of ${registry.name}` : `The images of ${registry.loginServer}`;
  const words = error.message.trim().replace(/([^.!?])$/, "$1.");
  const { advice, remedies } = adviceOn(registry, side, error);
  return { code: error.code, message: `${what} can't be read: ${words} ${advice}`, remedies };
}

function adviceOn(
  registry: Registry,
  side: RegistrySide,
  error: AzureError,
): { readonly advice: string; readonly remedies: readonly Remedy[] } {
  if (error.status === 429)
    return { advice: "Slipway asks again by itself, no sooner than Azure allows.", remedies: [] };
  switch (error.kind) {
    case "forbidden":
      return side === "arm" ? roleAdvice(registry, error) : lockAdvice(registry, error);
    case "not-found":
      return { advice: "See whether the registry still exists and Slipway's identity may read it.", remedies: [] };
    case "transient":
    case "lost-reply":
      return {
        advice: "It is tried again by itself; see Azure's service health when it lasts.",
        remedies: [link("State of Azure", "https://azure.status.microsoft")],
      };
    case "conflict":
    case "permanent":
    case "unknown":
      return { advice: "See the registry in the Azure portal.", remedies: [] };
  }
}

function roleAdvice(registry: Registry, error: AzureError) {
  const { role, command: grant } = missingRole(registry, "read builds", error);
  return {
    advice: `Give Slipway's identity the role ${role} on the registry.`,
    remedies: [{ kind: "COMMAND", label: `Give Slipway the role ${role}`, command: grant }] satisfies Remedy[],
  };
}

/** The data plane says DENIED of an address as of an identity; only the words tell them apart. */
function lockAdvice(registry: Registry, error: AzureError) {
  const { role, command: grant } = missingRole(registry, "read images", error);
  const address = /client with IP '([\d.a-f:]+)'/i.exec(error.message)?.[1];
  const remedies: Remedy[] = [
    command(
      address === undefined ? "Let Slipway's address through" : `Let ${address} through, where Slipway comes from`,
      ...["az", "acr", "network-rule", "add", "--name", registry.name, "--ip-address", address ?? "<address>"],
    ),
    link("Firewall of a registry", "https://aka.ms/acr/firewall"),
  ];
  if (address !== undefined) return { advice: "Let Slipway's address through the registry's firewall.", remedies };
  return {
    advice: `Let Slipway's address through the registry's firewall, and give its identity the role ${role} on the registry.`,
    remedies: [
      { kind: "COMMAND", label: `Give Slipway the role ${role}`, command: grant } satisfies Remedy,
      ...remedies,
    ],
  };
}
