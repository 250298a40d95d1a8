import { describe, expect, test } from "vitest";
import { parseConfig } from "./config.ts";
import { readConnectionString } from "./storage-connection.ts";

const KEY = "c2VjcmV0c2VjcmV0";

describe("a connection string", () => {
  test.each<[string, unknown]>([
    [
      `DefaultEndpointsProtocol=https;AccountName=slipway;AccountKey=${KEY};EndpointSuffix=core.windows.net`,
      {
        endpoint: "https://slipway.table.core.windows.net",
        queueEndpoint: "https://slipway.queue.core.windows.net",
        credential: { kind: "key", accountName: "slipway", accountKey: KEY },
      },
    ],
    [
      ` accountname = slipway ; accountkey = ${KEY} ; endpointsuffix = core.chinacloudapi.cn ; `,
      {
        endpoint: "https://slipway.table.core.chinacloudapi.cn",
        queueEndpoint: "https://slipway.queue.core.chinacloudapi.cn",
        credential: { kind: "key", accountName: "slipway", accountKey: KEY },
      },
    ],
    [
      `AccountName=devstoreaccount1;AccountKey=${KEY};TableEndpoint=http://127.0.0.1:10002/devstoreaccount1/`,
      {
        endpoint: "http://127.0.0.1:10002/devstoreaccount1",
        credential: { kind: "key", accountName: "devstoreaccount1", accountKey: KEY },
      },
    ],
    [
      "TableEndpoint=https://slipway.table.core.windows.net/;SharedAccessSignature=?sv=2022-11-02&sp=rwdlacu&sig=a%3D",
      {
        endpoint: "https://slipway.table.core.windows.net",
        credential: { kind: "signature", sharedAccessSignature: "sv=2022-11-02&sp=rwdlacu&sig=a%3D" },
      },
    ],
    [
      "UseDevelopmentStorage=true",
      expect.objectContaining({
        endpoint: "http://127.0.0.1:10002/devstoreaccount1",
        queueEndpoint: "http://127.0.0.1:10001/devstoreaccount1",
      }) as unknown,
    ],
    [
      `AccountName=dev;AccountKey=${KEY};QueueEndpoint=http://127.0.0.1:1/dev/;TableEndpoint=http://127.0.0.1:2/dev`,
      {
        endpoint: "http://127.0.0.1:2/dev",
        queueEndpoint: "http://127.0.0.1:1/dev",
        credential: { kind: "key", accountName: "dev", accountKey: KEY },
      },
    ],
  ])("%j is read", (text, connection) => {
    expect(readConnectionString(text)).toEqual({ ok: true, connection });
  });

  test.each<[string, string]>([
    [KEY, "must be parts"],
    [`AccountName=slipway;${KEY}`, "must be parts"],
    [`AccountKey=${KEY};AccountKey=${KEY};AccountName=slipway`, "each of them once"],
    [`AccountName=Slip_way;AccountKey=${KEY}`, "has an AccountName"],
    [`AccountKey=${KEY}`, "must lead to tables"],
    [`DefaultEndpointsProtocol=http;AccountName=slipway;AccountKey=${KEY}`, "must lead to tables by https"],
    [`AccountName=slipway;AccountKey=${KEY};TableEndpoint=https://u:${KEY}@slipway.example.com`, "must lead to tables"],
    [`AccountName=slipway;AccountKey=${KEY};QueueEndpoint=http://q.example.com`, "must lead to queues by https"],
    ["AccountName=slipway", "must have AccountName and AccountKey"],
    [`AccountName=slipway;AccountKey=${KEY.slice(1)}`, "is not base64"],
    [`TableEndpoint=https://slipway.table.core.windows.net;SharedAccessSignature=${KEY}`, "without its sig"],
    ["UseDevelopmentStorage=false", "must lead to tables"],
  ])("%j is refused without repeating it", (text, problem) => {
    const parsed = parseConfig({ SLIPWAY_STORAGE_CONNECTION_STRING: text });
    if (parsed.ok) throw new Error("It was taken.");
    expect(parsed.problems).toHaveLength(1);
    expect(parsed.problems.join()).toContain("SLIPWAY_STORAGE_CONNECTION_STRING ");
    expect(parsed.problems.join()).toContain(problem);
    expect(parsed.problems.join()).not.toContain(KEY.slice(1));
  });
});
