import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { AzureNamedKeyCredential } from "@azure/core-auth";
import { describe, expect, it } from "vitest";
import { createSystemClock } from "../shared/clock.ts";
import { createTableEntityStore } from "./table-entity-store.ts";

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly text?: string;
}

/** Asks a service that gives one answer only, by a single write and by a transaction, and counts how often it is asked. */
async function ask({
  status,
  code,
  text = "No.",
}: Answer): Promise<{ readonly errors: unknown[]; readonly requests: number }> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    request.resume();
    const message = { lang: "en-US", value: `${text}\nRequestId:1\nTime:2` };
    if (request.url === "/account/Tables") {
      response.writeHead(204).end();
      return;
    }
    response.writeHead(status, { "Content-Type": code === undefined ? "text/html" : "application/json" });
    response.end(code === undefined ? "<html>gateway</html>" : JSON.stringify({ "odata.error": { code, message } }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const store = createTableEntityStore({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/account`,
    credential: new AzureNamedKeyCredential("account", "a2V5"),
    clock: createSystemClock(),
    random: () => 0,
    policy: { maxTries: 3, firstDelayMs: 1 },
  });
  const entity = { partitionKey: "p", rowKey: "r", properties: {} };
  const errors = [
    await store
      .table("work")
      .insert(entity)
      .catch((error: unknown) => error),
    await store
      .table("work")
      .transact("p", [{ kind: "upsert", entity }])
      .catch((error: unknown) => error),
  ];
  await store.close();
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
  return { errors, requests };
}

describe("what the Table service refuses", () => {
  it.each<[Answer, string, string]>([
    [{ status: 503, code: "ServerBusy" }, "STORE_UNAVAILABLE", "ServerBusy: No."],
    [{ status: 500, code: "OperationTimedOut" }, "STORE_UNAVAILABLE", "OperationTimedOut"],
    [{ status: 500, code: "InternalError" }, "STORE_UNAVAILABLE", "InternalError"],
    [{ status: 429, code: "TooManyRequests" }, "STORE_UNAVAILABLE", "TooManyRequests"],
    [{ status: 409, code: "TableBeingDeleted" }, "STORE_UNAVAILABLE", "TableBeingDeleted"],
    [{ status: 502 }, "STORE_UNAVAILABLE", "502"],
  ])("%j is asked again, and then means that the store is unavailable", async (answer, code, text) => {
    const { errors, requests } = await ask(answer);
    for (const error of errors) expect(error).toMatchObject({ code, message: expect.stringContaining(text) as string });
    expect(requests).toBe(6);
  });

  it.each<[Answer, string, string]>([
    [{ status: 413, code: "RequestBodyTooLarge" }, "ENTITY_LIMIT", "RequestBodyTooLarge"],
    [{ status: 400, code: "PropertyValueTooLarge" }, "ENTITY_LIMIT", "PropertyValueTooLarge"],
    [{ status: 400, code: "EntityTooLarge" }, "ENTITY_LIMIT", "EntityTooLarge"],
    [{ status: 400, code: "OutOfRangeInput" }, "ENTITY_LIMIT", "OutOfRangeInput"],
    [{ status: 400, code: "InvalidHeaderValue" }, "STORE_UNAVAILABLE", "InvalidHeaderValue"],
    [{ status: 404 }, "STORE_UNAVAILABLE", "404"],
    [{ status: 403, code: "AuthorizationPermissionMismatch" }, "STORE_UNAVAILABLE", "Storage Table Data Contributor"],
    [{ status: 403, code: "AuthorizationFailure" }, "STORE_UNAVAILABLE", "its firewall"],
    [
      { status: 403, code: "AuthenticationFailed", text: "Bad ?sv=1&sig=secret%3D&se=2" },
      "STORE_UNAVAILABLE",
      "sig=[redacted]&se=2",
    ],
  ])("%j is final, and tells what to do", async (answer, code, text) => {
    const { errors, requests } = await ask(answer);
    for (const error of errors) {
      expect(error).toMatchObject({ code, message: expect.stringContaining(text) as string });
      expect(String(error)).not.toContain("RequestId");
    }
    expect(requests).toBe(2);
  });

  it("is not about an entity when a table that was just made is missing", async () => {
    const { errors } = await ask({ status: 404, code: "TableNotFound" });
    for (const error of errors) expect(error).toMatchObject({ code: "STORE_UNAVAILABLE" });
  });
});
