import { expect, test } from "vitest";
import { scopeName } from "./scope-name.ts";

const GROUP = "/subscriptions/s-1/resourceGroups/rg-1";

test.each([
  ["/subscriptions/s-1", "the subscription s-1"],
  [GROUP, "the resource group rg-1"],
  [`${GROUP}/providers/Microsoft.ContainerRegistry/registries/demoacr`, "the registry demoacr"],
  [`${GROUP}/providers/Microsoft.Network/virtualNetworks/v/subnets/apps`, "the subnet apps"],
  [`${GROUP}/providers/Microsoft.KeyVault/vaults/keys`, "vaults/keys"],
  ["everything", "everything"],
  [undefined, undefined],
])("%s is called %s", (scope, name) => {
  expect(scopeName(scope)).toBe(name);
});
