import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { createRequestGate, requestPath } from "./request-gate.ts";

const gate = createRequestGate({
  allowedHosts: ["localhost", "127.0.0.1", "[::1]", "slipway.example.com"],
  allowedOrigins: ["http://localhost:3000", "https://slipway.example.com"],
});

const request = (headers: Readonly<Record<string, string>>, url = "/"): IncomingMessage =>
  ({ headers, url }) as unknown as IncomingMessage;

test.each([
  ["localhost", true],
  ["localhost:4000", true],
  ["LOCALHOST:4000", true],
  ["127.0.0.1:65535", true],
  ["[::1]:4000", true],
  ["slipway.example.com", true],
  ["evil.example.com", false],
  ["slipway.example.com.evil.com", false],
  ["localhost.evil.com:4000", false],
  ["localhost@evil.com", false],
  ["127.0.0.1.nip.io", false],
  ["localhost:4000:80", false],
  ["", false],
])("Host %j: %s", (host, isAllowed) => {
  expect(gate.isHostAllowed(request({ host }))).toBe(isAllowed);
});

test("no Host is no allowed one", () => {
  expect(gate.isHostAllowed(request({}))).toBe(false);
});

test.each([
  ["http://localhost:3000", true],
  ["https://slipway.example.com", true],
  ["http://slipway.example.com", false],
  ["https://slipway.example.com.evil.com", false],
  ["https://evil.example.com", false],
  ["http://localhost:3001", false],
  ["null", false],
  ["", false],
])("Origin %j: %s", (origin, isAllowed) => {
  expect(gate.isOriginAllowed(request({ origin }))).toBe(isAllowed);
});

test("a script sends no Origin and is let in", () => {
  expect(gate.isOriginAllowed(request({}))).toBe(true);
});

test.each([
  ["/graphql?query=x", "/graphql"],
  ["/healthz", "/healthz"],
  ["//", "//"],
  ["//evil.example.com/graphql", "//evil.example.com/graphql"],
  ["http://evil.example.com/graphql", ""],
  ["*", ""],
])("the path of %j is %j", (url, path) => {
  expect(requestPath(request({}, url))).toBe(path);
});
