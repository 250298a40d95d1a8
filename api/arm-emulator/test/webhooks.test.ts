import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { WebhookCreateParameters } from "@azure/arm-containerregistry";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BUILD_SECONDS, collect, GROUP, REGISTRY, startAcr } from "./acr.ts";
import type { Acr } from "./acr.ts";
import { errorOf } from "./azure.ts";

type Call = { readonly headers: IncomingHttpHeaders; readonly body: Record<string, unknown> };

let azure: Acr;
let listener: Server;
let serviceUri: string;
let calls: Call[];

beforeEach(async () => {
  azure = await startAcr();
  calls = [];
  listener = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      calls.push({ headers: request.headers, body });
      response.writeHead(202).end("thanks");
    });
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  serviceUri = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/acr`;
});
afterEach(async () => {
  await azure.stop();
  listener.close();
  listener.closeAllConnections();
});

const NAME = "slipwayhook";

async function create(changes: Partial<WebhookCreateParameters> = {}) {
  const poller = await azure.acr.webhooks.beginCreate(
    GROUP,
    REGISTRY,
    NAME,
    {
      location: "westeurope",
      serviceUri,
      customHeaders: { "X-Slipway-Secret": "s3cret" },
      actions: ["push", "delete"],
      ...changes,
    },
    { updateIntervalInMs: 1 },
  );
  azure.emulator.advance(5);
  return poller.pollUntilDone();
}

const callCount = (count: number): Promise<void> => vi.waitFor(() => expect(calls).toHaveLength(count), 5000);

describe("a webhook", () => {
  test("is made, changed, listed and deleted, and tells its address and headers only when asked for them", async () => {
    const made = await create();
    expect(made).toMatchObject({ name: NAME, status: "enabled", scope: "", provisioningState: "Succeeded" });
    expect(JSON.stringify(made)).not.toContain("s3cret");
    expect(await azure.acr.webhooks.getCallbackConfig(GROUP, REGISTRY, NAME)).toEqual({
      serviceUri,
      customHeaders: { "X-Slipway-Secret": "s3cret" },
    });
    await azure.acr.webhooks.beginUpdateAndWait(GROUP, REGISTRY, NAME, { status: "disabled", scope: "shop/web:*" });
    expect(await azure.acr.webhooks.get(GROUP, REGISTRY, NAME)).toMatchObject({
      status: "disabled",
      scope: "shop/web:*",
    });
    expect(await collect(azure.acr.webhooks.list(GROUP, REGISTRY))).toHaveLength(1);
    expect((await azure.acr.registries.listUsages(GROUP, REGISTRY)).value?.[1]?.currentValue).toBe(1);
    await azure.acr.webhooks.beginDeleteAndWait(GROUP, REGISTRY, NAME);
    await azure.acr.webhooks.beginDeleteAndWait(GROUP, REGISTRY, NAME);
    expect((await errorOf(azure.acr.webhooks.get(GROUP, REGISTRY, NAME))).statusCode).toBe(404);
  });

  test("hears of a push when a build's time has come, though nobody asked anything", async () => {
    await create();
    await azure.build("shop/web:3.0.0");
    await azure.control("PUT", "clock", { speed: 10_000 });
    await callCount(1);
    const [call] = calls;
    expect(call?.headers).toMatchObject({
      "x-slipway-secret": "s3cret",
      "content-type": "application/json; charset=utf-8",
    });
    const { digest } = await azure.freshRegistry().getArtifact("shop/web", "3.0.0").getTagProperties("3.0.0");
    expect(call?.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
      action: "push",
      target: {
        mediaType: "application/vnd.docker.distribution.manifest.v2+json",
        size: expect.any(Number) as unknown,
        length: expect.any(Number) as unknown,
        digest,
        repository: "shop/web",
        tag: "3.0.0",
      },
      request: {
        id: expect.any(String) as unknown,
        host: "demoacr.azurecr.io",
        method: "PUT",
        useragent: expect.any(String) as unknown,
      },
    });
  });

  test("hears of deleted manifests and repositories, and of no deleted tag", async () => {
    await create();
    const registry = azure.freshRegistry();
    const artifact = registry.getArtifact("shop/mailer", "0.5.0");
    const { digest } = await artifact.getTagProperties("0.5.0");
    await artifact.deleteTag("0.5.0");
    await registry.getArtifact("shop/mailer", digest).delete();
    await registry.deleteRepository("shop/mailer");
    await callCount(2);
    expect(calls.map(({ body }) => [body["action"], body["target"]])).toEqual([
      ["delete", expect.objectContaining({ repository: "shop/mailer", digest })],
      ["delete", expect.not.objectContaining({ digest: expect.anything() as unknown })],
    ]);
  });

  test("keeps what it sent and what was answered, without the values of its headers", async () => {
    await create();
    const { id } = await azure.acr.webhooks.ping(GROUP, REGISTRY, NAME);
    await callCount(1);
    expect(calls[0]?.body).toMatchObject({ id, action: "ping" });
    const answered = (): Promise<unknown> =>
      vi.waitFor(async () => {
        const [event] = await collect(azure.acr.webhooks.listEvents(GROUP, REGISTRY, NAME));
        expect(event?.eventResponseMessage).toBeDefined();
        return event;
      }, 5000);
    const event = await answered();
    expect(event).toMatchObject({
      id,
      eventRequestMessage: { requestUri: serviceUri, method: "POST", headers: { "X-Slipway-Secret": "******" } },
      eventResponseMessage: { statusCode: "202", content: "thanks" },
    });
    expect(JSON.stringify(event)).not.toContain("s3cret");
  });

  test.each([
    ["shop/web", ["latest"]],
    ["shop/web:*", ["3.0.0", "latest"]],
    ["shop/web:3.0.0", ["3.0.0"]],
    ["", ["3.0.0", "latest", "api"]],
  ])("of scope '%s' hears of %j alone", async (scope, tags) => {
    await create({ scope });
    for (const image of ["shop/web:3.0.0", "shop/web", "shop/api:api"]) await azure.build(image);
    azure.emulator.advance(BUILD_SECONDS);
    await callCount(tags.length);
    const heard = calls.map(({ body }) => (body["target"] as { tag: string }).tag);
    expect(heard.toSorted()).toEqual(tags.toSorted());
  });

  test("that is disabled hears nothing", async () => {
    await create({ status: "disabled" });
    await azure.build("shop/web:3.0.0");
    azure.emulator.advance(BUILD_SECONDS);
    await azure.acr.webhooks.ping(GROUP, REGISTRY, NAME);
    await callCount(1);
    expect(calls[0]?.body["action"]).toBe("ping");
  });

  test("elsewhere than on this machine is never called, and a silent one is told as that", async () => {
    await create({ serviceUri: "http://192.0.2.1/acr" });
    await azure.acr.webhooks.ping(GROUP, REGISTRY, NAME);
    await create({ serviceUri: "http://127.0.0.1:1/acr" });
    await azure.acr.webhooks.ping(GROUP, REGISTRY, NAME);
    await vi.waitFor(async () => {
      const events = await collect(azure.acr.webhooks.listEvents(GROUP, REGISTRY, NAME));
      expect(events.map(({ eventResponseMessage }) => eventResponseMessage?.reasonPhrase)).toEqual([
        expect.stringMatching(/ECONNREFUSED|bad port/),
        "The emulator calls loopback addresses only.",
      ]);
    }, 5000);
    expect(calls).toEqual([]);
  });

  test.each([
    ["no address", { serviceUri: "nowhere" }],
    ["an unknown action", { actions: ["pull" as "push"] }],
  ])("with %s is refused", async (_what, changes) => {
    expect(await errorOf(create(changes))).toMatchObject({ statusCode: 400, code: "InvalidRequestContent" });
  });
});
