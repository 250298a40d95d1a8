import { describe, expect, test } from "vitest";
import { parseApiAddress, resolveSameHost } from "./api-address.ts";

describe("parseApiAddress", () => {
  test.each([
    ["nothing set", {}, "http://127.0.0.1:4000/graphql", "ws://127.0.0.1:4000/graphql"],
    [
      "host and port",
      { SLIPWAY_HOST: "10.0.0.5", SLIPWAY_API_PORT: "4100" },
      "http://10.0.0.5:4100/graphql",
      "ws://10.0.0.5:4100/graphql",
    ],
    [
      "a public address",
      { SLIPWAY_PUBLIC_API_URL: "https://slipway.example/api/" },
      "http://127.0.0.1:4000/graphql",
      "wss://slipway.example/api/graphql",
    ],
    [
      "a public address that names the end point",
      { SLIPWAY_PUBLIC_API_URL: "https://slipway.example/graphql" },
      "http://127.0.0.1:4000/graphql",
      "wss://slipway.example/graphql",
    ],
    ["an IPv6 host", { SLIPWAY_HOST: "::1" }, "http://[::1]:4000/graphql", "ws://[::1]:4000/graphql"],
  ])("with %s", (_, env, internalUrl, publicWebSocketUrl) => {
    expect(parseApiAddress(env)).toMatchObject({ internalUrl, publicWebSocketUrl });
  });

  test("an API that lets people sign in is reached by the page's own host: the cookie belongs to that", () => {
    const address = parseApiAddress({ SLIPWAY_AUTH: "oidc" });
    expect(resolveSameHost(address.publicWebSocketUrl, "localhost")).toBe("ws://localhost:4000/graphql");
    expect(resolveSameHost(address.publicUrl, "localhost")).toBe("http://localhost:4000");
  });

  test("an API on every address is reached by loopback here and by the page's own host from a browser", () => {
    const address = parseApiAddress({ SLIPWAY_HOST: "0.0.0.0" });
    expect(address.internalUrl).toBe("http://127.0.0.1:4000/graphql");
    expect(resolveSameHost(address.publicWebSocketUrl, "build-box")).toBe("ws://build-box:4000/graphql");
  });
});
