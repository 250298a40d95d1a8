import { describe, expect, test } from "vitest";
import { AZURE_LOCATIONS, findAzureLocation } from "../azure-locations.ts";
import {
  deployableSizesIn,
  familyLimit,
  findVmSize,
  regionalLimit,
  restrictionsOf,
  VM_FAMILIES,
  VM_SIZES,
  vmSizesIn,
} from "../compute-catalogue.ts";
import {
  EMULATED_SUBSCRIPTIONS,
  findEmulatedSubscription,
  PLATFORM_SUBSCRIPTION,
  SANDBOX_SUBSCRIPTION,
} from "../emulated-subscriptions.ts";
import { kubernetesVersionsIn, resolveKubernetesVersion, upgradesOf } from "../providers/kubernetes-versions.ts";

describe("the size catalogue", () => {
  test("names each size once and each family that it needs", () => {
    expect(new Set(VM_SIZES.map(({ name }) => name.toLowerCase())).size).toBe(VM_SIZES.length);
    const families = new Set(VM_FAMILIES.map(({ name }) => name));
    expect(VM_SIZES.filter(({ family }) => !families.has(family))).toEqual([]);
  });

  test.each(EMULATED_SUBSCRIPTIONS)("names in the offer of $displayName only what exists", ({ compute }) => {
    const known = new Set([...VM_SIZES.map(({ name }) => name), ...VM_FAMILIES.map(({ name }) => name), "*"]);
    const locations = new Set([...AZURE_LOCATIONS.map(({ name }) => name), "*"]);
    const named = [
      ...compute.restrictions.flatMap(({ sizes }) => sizes),
      ...Object.keys(compute.familyLimits),
      ...Object.values(compute.familyLimitsIn ?? {}).flatMap((limits) => Object.keys(limits)),
    ];
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    const places = [...compute.restrictions.map(({ location }) => location), ...Object.keys(compute.regionalLimits)];
    expect(places.filter((name) => !locations.has(name))).toEqual([]);
  });

  test("finds sizes, locations and subscriptions in any casing", () => {
    expect(findVmSize("standard_d2S_V3")?.name).toBe("Standard_D2s_v3");
    expect(findAzureLocation("West Europe")?.name).toBe("westeurope");
    expect(findEmulatedSubscription(PLATFORM_SUBSCRIPTION.subscriptionId.toUpperCase())).toBe(PLATFORM_SUBSCRIPTION);
  });

  test("knows no sizes in a location that isn't there", () => {
    expect(vmSizesIn("atlantis")).toEqual([]);
  });
});

describe("what a subscription may deploy", () => {
  test("leaves out sizes restricted in the whole location, not those restricted in a zone", () => {
    const platform = deployableSizesIn(PLATFORM_SUBSCRIPTION.compute, "westeurope");
    expect(platform).toContain("standard_d2s_v3");
    expect(platform).toContain("standard_e8s_v5");
    expect(platform).not.toContain("standard_nc24ads_a100_v4");
    expect(deployableSizesIn(SANDBOX_SUBSCRIPTION.compute, "westeurope")).not.toContain("standard_d2s_v3");
  });

  test("is restricted by the name of a size and by its family", () => {
    const size = findVmSize("Standard_F4s_v2");
    expect(size && restrictionsOf(SANDBOX_SUBSCRIPTION.compute, "uksouth", size).map(({ reason }) => reason)).toEqual([
      "QuotaId",
    ]);
  });

  test.each([
    { location: "westeurope", family: "standardDSv3Family", limit: 200, regional: 250 },
    { location: "West Europe", family: "standardFSv2Family", limit: 20, regional: 250 },
    { location: "northeurope", family: "standardDSv3Family", limit: 100, regional: 100 },
    { location: "uksouth", family: "StandardNCADSA100v4Family", limit: 0, regional: 20 },
  ])("is $limit vCPUs of $family and $regional in all in $location", ({ location, family, limit, regional }) => {
    expect(familyLimit(PLATFORM_SUBSCRIPTION.compute, location, family)).toBe(limit);
    expect(regionalLimit(PLATFORM_SUBSCRIPTION.compute, location)).toBe(regional);
  });
});

describe("the Kubernetes version that AKS installs", () => {
  test.each([
    { asked: "", patch: "1.35.3" },
    { asked: "1.34", patch: "1.34.6" },
    { asked: "1.34.4", patch: "1.34.4" },
    { asked: "1.34.5", patch: undefined },
    { asked: "1.99", patch: undefined },
  ])("for '$asked' is $patch", ({ asked, patch }) => {
    expect(resolveKubernetesVersion("westeurope", asked)?.patch).toBe(patch);
  });

  test("differs by how far a release has come", () => {
    expect(resolveKubernetesVersion("westeurope", "1.36")?.patch).toBe("1.36.1");
    expect(resolveKubernetesVersion("uksouth", "1.36")?.patch).toBe("1.36.0");
    expect(resolveKubernetesVersion("westus", "1.36")).toBeUndefined();
  });

  test("can be upgraded only to versions that the location has", () => {
    expect(upgradesOf("uksouth", "1.35.3")).toEqual(["1.36.0"]);
    expect(upgradesOf("westus", "1.35.3")).toEqual([]);
  });

  test("has exactly one default in each location", () => {
    const defaults = AZURE_LOCATIONS.map(
      ({ name }) => kubernetesVersionsIn(name).filter(({ isDefault }) => isDefault).length,
    );
    expect(new Set(defaults)).toEqual(new Set([1]));
  });
});
