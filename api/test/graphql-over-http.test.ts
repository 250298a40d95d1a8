import { serverAudits } from "graphql-http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSlipway, type Slipway } from "./harness.ts";

let slipway: Slipway;
beforeAll(async () => {
  slipway = await startSlipway({ withAzure: false });
});
afterAll(() => slipway.stop());

/** The working group's own audits; only what the server answers decides, so the address may be asked for late. */
const audits = serverAudits({ url: () => `${slipway.api.url}/graphql`, fetchFn: fetch });

test.each(audits)("GraphQL over HTTP $id: $name", async (audit) => {
  const result = await audit.fn();
  expect(result, "reason" in result ? result.reason : "").toMatchObject({ status: "ok" });
});
