import { expect } from "vitest";
import { test } from "./fixtures.ts";

const SECRET = "a-secret-of-enough-length";
const PUSH = { action: "push", target: { repository: "team/app", tag: "v1" }, request: { host: "demoacr.azurecr.io" } };

test("a webhook is believed with its secret alone, and answers what became of its notification", async ({ start }) => {
  const { api } = await start({ settings: { SLIPWAY_ACR_WEBHOOK_SECRET: SECRET } });
  const send = async (body: string, authorization?: string): Promise<number> => {
    const headers = { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) };
    return (await fetch(`${api.url}/webhooks/acr`, { method: "POST", headers, body })).status;
  };
  const push = JSON.stringify(PUSH);
  expect(await send(push)).toBe(401);
  expect(await send(push, "Bearer another-secret-of-length")).toBe(401);
  expect(await send("no JSON", `Bearer ${SECRET}`)).toBe(400);
  expect(await send(JSON.stringify({ ...PUSH, request: { host: "evil.example" } }), `Bearer ${SECRET}`)).toBe(404);
  expect(await send("x".repeat(300_000), `Bearer ${SECRET}`)).toBe(413);
  expect(await send(push, `Bearer ${SECRET}`)).toBe(202);
});

test("without a secret there is no webhook", async ({ start }) => {
  const { api } = await start();
  const answer = await fetch(`${api.url}/webhooks/acr`, { method: "POST", body: JSON.stringify(PUSH) });
  expect(answer.status).toBe(404);
});
