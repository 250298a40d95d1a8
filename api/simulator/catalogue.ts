import type { AzureCatalogue } from "../src/clusters/azure-catalogue.ts";

export const SUBSCRIPTION_ID = "00000000-0000-0000-0000-000000000001";
export const LOCATION = "westeurope";
export const VM_SIZE = "Standard_D2s_v3";

/** What the simulated Azure offers: always the same, at once. */
export const CATALOGUE: AzureCatalogue = {
  listSubscriptions: async () => [{ subscriptionId: SUBSCRIPTION_ID, displayName: "Simulated" }],
  listLocations: async () => [{ name: LOCATION, displayName: "West Europe" }],
  listVmSizes: async () => [
    {
      name: VM_SIZE,
      family: "standardDSv3Family",
      vCpus: 2,
      memoryGb: 8,
      restriction: undefined,
      zones: [],
      zoneRestriction: undefined,
    },
  ],
  listKubernetesVersions: async () => [
    { version: "1.34", patchVersions: ["1.34.1"], isDefault: true, isPreview: false },
  ],
};
