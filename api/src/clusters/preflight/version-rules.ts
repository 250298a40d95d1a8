import { edit, link } from "../../shared/remedy.ts";
import type { KubernetesVersion } from "../azure-catalogue.ts";
import { fail, pass, warn, type Verdict } from "./check.ts";

/** Whether AKS offers the version in the location, and how long it still stands behind it. */
export function judgeVersion(
  wanted: string | undefined,
  versions: readonly KubernetesVersion[],
  location: string,
): Verdict {
  if (wanted === undefined) {
    const usual = versions.find((version) => version.isDefault);
    return pass(
      usual ? `Azure takes its default here, ${usual.version}.` : "Azure takes its default for the location.",
    );
  }
  const found = versions.find((version) => version.version === wanted || version.patchVersions.includes(wanted));
  if (!found) {
    const offered = versions.map((version) => version.version).join(", ");
    return fail(
      `AKS does not offer Kubernetes ${wanted} in ${location}, or under long-term support alone. Offered are ${offered}.`,
      [
        edit("Choose another version", "kubernetesVersion"),
        link("Supported versions", "https://aka.ms/supported-version-list"),
      ],
    );
  }
  if (found.isPreview) return warn(`Kubernetes ${wanted} is a preview in ${location}: Azure does not support it yet.`);
  const supported = versions.filter((version) => !version.isPreview);
  const oldest = supported.toSorted((a, b) => a.version.localeCompare(b.version, "en", { numeric: true }))[0];
  // https://learn.microsoft.com/azure/aks/supported-kubernetes-versions#kubernetes-version-support-policy
  if (supported.length > 1 && oldest === found)
    return warn(
      `Kubernetes ${wanted} is the oldest version that AKS supports in ${location}; its support ends when the next one comes.`,
    );
  return pass(`Kubernetes ${wanted} is supported in ${location}.`);
}
