import type { ComputeOffer } from "./compute-catalogue.ts";

/** A subscription of the emulated tenant, with what Microsoft.Compute lets it use. */
export type EmulatedSubscription = {
  readonly subscriptionId: string;
  readonly displayName: string;
  readonly quotaId: string;
  readonly spendingLimit: "On" | "Off";
  readonly compute: ComputeOffer;
};

/** Pay-as-you-go, with room to deploy: most sizes, 250 vCPUs in West Europe. */
export const PLATFORM_SUBSCRIPTION: EmulatedSubscription = {
  subscriptionId: "6d1c2f1e-3b0a-4c59-9a53-2f4b8d7e0a11",
  displayName: "Contoso Platform",
  quotaId: "PayAsYouGo_2014-09-01",
  spendingLimit: "Off",
  compute: {
    regionalLimits: { westeurope: 250, northeurope: 100, eastus: 100, swedencentral: 50, "*": 20 },
    familyLimits: {
      "*": 20,
      standardDSv3Family: 100,
      standardDSv5Family: 100,
      standardESv5Family: 16,
      "Standard NCASv3_T4 Family": 0,
      StandardNCADSA100v4Family: 0,
    },
    familyLimitsIn: {
      westeurope: {
        standardDSv3Family: 200,
        standardDSv5Family: 150,
        standardBSFamily: 100,
        "Standard NCASv3_T4 Family": 8,
      },
      northeurope: { "Standard NCASv3_T4 Family": 8 },
    },
    restrictions: [
      { location: "westeurope", sizes: ["StandardNCADSA100v4Family"], reason: "NotAvailableForSubscription" },
      { location: "westeurope", sizes: ["Standard_E8s_v5"], reason: "NotAvailableForSubscription", zones: ["2"] },
      {
        location: "westeurope",
        sizes: ["standardDPSv5Family"],
        reason: "NotAvailableForSubscription",
        zones: ["1", "3"],
      },
      {
        location: "eastus",
        sizes: ["standardDSv2Family", "standardDSv3Family"],
        reason: "NotAvailableForSubscription",
      },
      { location: "uksouth", sizes: ["standardFSv2Family"], reason: "NotAvailableForSubscription" },
      {
        location: "westus",
        sizes: ["standardDSv5Family", "standardESv5Family"],
        reason: "NotAvailableForSubscription",
      },
    ],
  },
};

/** A free trial: 4 vCPUs in most regions, few sizes. */
export const SANDBOX_SUBSCRIPTION: EmulatedSubscription = {
  subscriptionId: "b87e9d40-7c15-4f3d-8a6e-51c09f2d6b22",
  displayName: "Contoso Sandbox",
  quotaId: "FreeTrial_2014-09-01",
  spendingLimit: "On",
  compute: {
    regionalLimits: { westeurope: 10, "*": 4 },
    familyLimits: {
      "*": 4,
      standardESv5Family: 0,
      standardFSv2Family: 0,
      "Standard NCASv3_T4 Family": 0,
      StandardNCADSA100v4Family: 0,
    },
    familyLimitsIn: { westeurope: { standardBSFamily: 10, standardDSv5Family: 8 } },
    restrictions: [
      { location: "*", sizes: ["standardESv5Family", "standardFSv2Family"], reason: "QuotaId" },
      {
        location: "*",
        sizes: ["Standard NCASv3_T4 Family", "StandardNCADSA100v4Family"],
        reason: "NotAvailableForSubscription",
      },
      {
        location: "westeurope",
        sizes: ["standardDSv2Family", "standardDSv3Family"],
        reason: "NotAvailableForSubscription",
      },
      { location: "westeurope", sizes: ["standardDDSv5Family"], reason: "NotAvailableForSubscription", zones: ["3"] },
      { location: "northeurope", sizes: ["standardDSv5Family"], reason: "NotAvailableForSubscription" },
    ],
  },
};

export const EMULATED_SUBSCRIPTIONS: readonly EmulatedSubscription[] = [PLATFORM_SUBSCRIPTION, SANDBOX_SUBSCRIPTION];

export function findEmulatedSubscription(subscriptionId: string): EmulatedSubscription | undefined {
  const wanted = subscriptionId.toLowerCase();
  return EMULATED_SUBSCRIPTIONS.find((subscription) => subscription.subscriptionId === wanted);
}
