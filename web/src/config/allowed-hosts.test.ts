import { describe, expect, test } from "vitest";
import { isHostAllowed, parseAllowedHosts } from "./allowed-hosts.ts";

describe("parseAllowedHosts", () => {
  const local = ["localhost", "127.0.0.1", "[::1]"];
  test.each([
    ["nothing set", {}, local],
    ["an empty list", { SLIPWAY_ALLOWED_HOSTS: " , " }, local],
    ["a list, which stands alone", { SLIPWAY_ALLOWED_HOSTS: "Panel.example, ::1" }, ["panel.example", "[::1]"]],
    [
      "public addresses",
      { SLIPWAY_PUBLIC_WEB_URL: "https://Panel.example:8443", SLIPWAY_PUBLIC_API_URL: "https://api.example" },
      [...local, "panel.example", "api.example"],
    ],
    ["a host to listen on", { SLIPWAY_HOST: "10.0.0.5" }, [...local, "10.0.0.5"]],
    ["an IPv6 host to listen on", { SLIPWAY_HOST: "fd00::5" }, [...local, "[fd00::5]"]],
  ])("with %s", (_, env, hosts) => {
    expect([...parseAllowedHosts(env)]).toEqual(hosts);
  });
});

test.each([
  ["localhost:3000", true],
  ["LOCALHOST", true],
  ["127.0.0.1:3000", true],
  ["[::1]:3000", true],
  ["[::1]", true],
  ["evil.example", false],
  ["evil.example:3000", false],
  ["localhost.evil.example", false],
  ["localhost:3000.evil.example", false],
  ["", false],
  [null, false],
])("the Host %j is answered: %j", (header, isAllowed) => {
  expect(isHostAllowed(parseAllowedHosts({}), header)).toBe(isAllowed);
});
