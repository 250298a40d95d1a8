/** A region as `GET /subscriptions/{id}/locations` describes it. */
export type AzureLocation = {
  readonly name: string;
  readonly displayName: string;
  readonly regionalDisplayName: string;
  readonly regionCategory: "Recommended" | "Other";
  readonly geography: string;
  readonly geographyGroup: string;
  readonly longitude: string;
  readonly latitude: string;
  readonly physicalLocation: string;
  readonly pairedRegion: string;
  /** Physical zones in the order of the subscription's logical zones 1, 2, 3; empty in a region without zones. */
  readonly physicalZones: readonly string[];
};

/** The regions of the emulated cloud. Names and coordinates: https://learn.microsoft.com/azure/reliability/regions-list */
export const AZURE_LOCATIONS: readonly AzureLocation[] = [
  {
    name: "eastus",
    displayName: "East US",
    regionalDisplayName: "(US) East US",
    regionCategory: "Recommended",
    geography: "United States",
    geographyGroup: "US",
    longitude: "-79.8164",
    latitude: "37.3719",
    physicalLocation: "Virginia",
    pairedRegion: "westus",
    physicalZones: ["eastus-az1", "eastus-az3", "eastus-az2"],
  },
  {
    name: "eastus2",
    displayName: "East US 2",
    regionalDisplayName: "(US) East US 2",
    regionCategory: "Recommended",
    geography: "United States",
    geographyGroup: "US",
    longitude: "-78.3889",
    latitude: "36.6681",
    physicalLocation: "Virginia",
    pairedRegion: "centralus",
    physicalZones: ["eastus2-az1", "eastus2-az3", "eastus2-az2"],
  },
  {
    name: "germanywestcentral",
    displayName: "Germany West Central",
    regionalDisplayName: "(Europe) Germany West Central",
    regionCategory: "Recommended",
    geography: "Germany",
    geographyGroup: "Europe",
    longitude: "8.682127",
    latitude: "50.110924",
    physicalLocation: "Frankfurt",
    pairedRegion: "germanynorth",
    physicalZones: ["germanywestcentral-az2", "germanywestcentral-az1", "germanywestcentral-az3"],
  },
  {
    name: "northeurope",
    displayName: "North Europe",
    regionalDisplayName: "(Europe) North Europe",
    regionCategory: "Recommended",
    geography: "Europe",
    geographyGroup: "Europe",
    longitude: "-6.2597",
    latitude: "53.3478",
    physicalLocation: "Ireland",
    pairedRegion: "westeurope",
    physicalZones: ["northeurope-az1", "northeurope-az2", "northeurope-az3"],
  },
  {
    name: "swedencentral",
    displayName: "Sweden Central",
    regionalDisplayName: "(Europe) Sweden Central",
    regionCategory: "Recommended",
    geography: "Sweden",
    geographyGroup: "Europe",
    longitude: "17.14127",
    latitude: "60.67488",
    physicalLocation: "Gävle",
    pairedRegion: "swedensouth",
    physicalZones: ["swedencentral-az3", "swedencentral-az1", "swedencentral-az2"],
  },
  {
    name: "uksouth",
    displayName: "UK South",
    regionalDisplayName: "(Europe) UK South",
    regionCategory: "Recommended",
    geography: "United Kingdom",
    geographyGroup: "UK",
    longitude: "-0.799",
    latitude: "50.941",
    physicalLocation: "London",
    pairedRegion: "ukwest",
    physicalZones: ["uksouth-az1", "uksouth-az3", "uksouth-az2"],
  },
  {
    name: "westeurope",
    displayName: "West Europe",
    regionalDisplayName: "(Europe) West Europe",
    regionCategory: "Recommended",
    geography: "Europe",
    geographyGroup: "Europe",
    longitude: "4.9",
    latitude: "52.3667",
    physicalLocation: "Netherlands",
    pairedRegion: "northeurope",
    physicalZones: ["westeurope-az2", "westeurope-az3", "westeurope-az1"],
  },
  {
    name: "westus",
    displayName: "West US",
    regionalDisplayName: "(US) West US",
    regionCategory: "Other",
    geography: "United States",
    geographyGroup: "US",
    longitude: "-122.417",
    latitude: "37.783",
    physicalLocation: "California",
    pairedRegion: "eastus",
    physicalZones: [],
  },
];

/** The region a caller means by `westeurope`, `WestEurope` or `West Europe`; ARM accepts all three. */
export function findAzureLocation(name: string): AzureLocation | undefined {
  const wanted = normalizeLocation(name);
  return AZURE_LOCATIONS.find((location) => location.name === wanted);
}

/** A region's name as ARM writes it in answers: lower case, no blanks. */
export function normalizeLocation(name: string): string {
  return name.replaceAll(" ", "").toLowerCase();
}
