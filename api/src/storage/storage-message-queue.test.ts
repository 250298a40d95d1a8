import { AzureNamedKeyCredential } from "@azure/core-auth";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { AZURITE_ACCOUNT, startAzuriteQueues, type AzuriteQueues } from "./azurite.fixture.ts";
import { describeMessageQueue } from "./message-queue.contract.ts";
import { QueueUnavailableError } from "./message-queue.ts";
import { createStorageMessageQueue } from "./storage-message-queue.ts";

let azurite: AzuriteQueues;
let queues = 0;
beforeAll(async () => {
  azurite = await startAzuriteQueues();
});
afterAll(() => azurite.stop());
// Azurite, in this process, goes by it too.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

describeMessageQueue("Azure Storage, by Azurite", async () => {
  const { endpoint, credential } = azurite;
  return {
    queue: createStorageMessageQueue({ endpoint, credential, name: `jobs-${++queues}` }),
    pass: async (ms) => void vi.setSystemTime(Date.now() + ms),
    close: async () => {},
  };
});

test("says what to check when the key is not the account's, without a word of it", async () => {
  const key = Buffer.from("not the account's key").toString("base64");
  const credential = new AzureNamedKeyCredential(AZURITE_ACCOUNT, key);
  const queue = createStorageMessageQueue({ endpoint: azurite.endpoint, credential, name: "jobs" });
  const failure: unknown = await queue.send("x", 0).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(QueueUnavailableError);
  expect(String(failure)).toMatch(/403 .*Check the key/);
  expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain(key);
});
