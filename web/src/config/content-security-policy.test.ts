import { expect, test } from "vitest";
import { contentSecurityPolicy } from "./content-security-policy.ts";

const OPTIONS = {
  nonce: "n0nce",
  apiUrl: "https://slipway.example",
  webSocketUrl: "wss://slipway.example/graphql",
  issuer: undefined,
  isDevelopment: false,
};

test("lets in what Slipway serves and nothing else, scripts with their nonce alone, and no frame", () => {
  const policy = contentSecurityPolicy(OPTIONS);
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    "script-src 'self' 'nonce-n0nce' 'strict-dynamic'",
    "style-src 'self' 'nonce-n0nce'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self' wss://slipway.example",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]);
});

test("with sign-in, a form may lead to the API and on to the provider", () => {
  const issuer = "https://login.example.com/tenant/v2.0";
  expect(contentSecurityPolicy({ ...OPTIONS, issuer })).toContain(
    "form-action 'self' https://slipway.example https://login.example.com;",
  );
});
