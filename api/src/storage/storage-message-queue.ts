import type { NamedKeyCredential, SASCredential, TokenCredential } from "@azure/core-auth";
import { isRestError } from "@azure/core-rest-pipeline";
import { QueueClient, StorageSharedKeyCredential } from "@azure/storage-queue";
import { MessageGoneError, QueueUnavailableError, type MessageHold, type MessageQueue } from "./message-queue.ts";

/** https://learn.microsoft.com/rest/api/storageservices/put-message: for ever; without it a message goes after seven days. */
const NEVER_EXPIRES = -1;
/** The service takes seven days. */
const LONGEST_HIDDEN_S = 6 * 24 * 3_600;
/** Passing failures are told soon: what a message is about is kept elsewhere, and its holder tries again by itself. */
const RETRIES = { maxTries: 2, tryTimeoutInMs: 5_000, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 };
/** https://learn.microsoft.com/rest/api/storageservices/queue-service-error-codes */
const GONE_CODES = new Set(["MessageNotFound", "PopReceiptMismatch"]);

export interface StorageMessageQueue extends MessageQueue {
  /** Rejects with `QueueUnavailableError` while the queue can't be used. Used by readiness. */
  ping(): Promise<void>;
}

/**
 * A queue of an Azure Storage account. State: none but a client; the service holds everything. The queue is made when it is
 * found missing, so one that was deleted comes back, empty. It hides for whole seconds: less is rounded up.
 */
export function createStorageMessageQueue(options: {
  /** `https://<account>.queue.core.windows.net`, or Azurite's with the account in its path; no trailing slash. */
  readonly endpoint: string;
  readonly credential: NamedKeyCredential | SASCredential | TokenCredential;
  /** 3 to 63 lower-case letters, digits and single hyphens. */
  readonly name: string;
}): StorageMessageQueue {
  const client = createClient(options);
  const { host } = new URL(options.endpoint);

  async function ask<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      if (!isRestError(error)) throw error;
      const code = error.code ?? "";
      if (GONE_CODES.has(code)) throw new MessageGoneError({ cause: error });
      // Neither the request nor its answer: both carry signatures.
      throw new QueueUnavailableError(`The queue '${options.name}' at '${host}' is unavailable: ${adviceOn(error)}`);
    }
  }

  async function creatingQueue<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      if (!isRestError(error) || error.code !== "QueueNotFound") throw error;
    }
    await client.createIfNotExists();
    return request();
  }

  return {
    async send(text, hiddenMs) {
      const sent = await ask(() =>
        creatingQueue(() =>
          client.sendMessage(encode(text), { visibilityTimeout: seconds(hiddenMs), messageTimeToLive: NEVER_EXPIRES }),
        ),
      );
      return { id: sent.messageId, receipt: sent.popReceipt };
    },
    async receive(limit, hiddenMs) {
      const received = await ask(() =>
        creatingQueue(() =>
          client.receiveMessages({ numberOfMessages: limit, visibilityTimeout: Math.max(1, seconds(hiddenMs)) }),
        ),
      );
      return received.receivedMessageItems.map(({ messageId, popReceipt, messageText }) => ({
        id: messageId,
        receipt: popReceipt,
        text: decode(messageText),
      }));
    },
    async hide({ id, receipt }, hiddenMs): Promise<MessageHold> {
      const { popReceipt } = await ask(() => client.updateMessage(id, receipt, undefined, seconds(hiddenMs)));
      return { id, receipt: popReceipt ?? receipt };
    },
    async ping() {
      await ask(() => creatingQueue(() => client.getProperties()));
    },
    async delete({ id, receipt }) {
      await ask(() => client.deleteMessage(id, receipt));
    },
  };
}

function createClient(options: Parameters<typeof createStorageMessageQueue>[0]): QueueClient {
  const { endpoint, credential, name } = options;
  const url = `${endpoint}/${name}`;
  const pipeline = { retryOptions: RETRIES };
  if ("signature" in credential) return new QueueClient(`${url}?${credential.signature}`, undefined, pipeline);
  if ("key" in credential) {
    return new QueueClient(url, new StorageSharedKeyCredential(credential.name, credential.key), pipeline);
  }
  return new QueueClient(url, credential, pipeline);
}

function seconds(ms: number): number {
  return Math.min(LONGEST_HIDDEN_S, Math.max(0, Math.ceil(ms / 1000)));
}

/** Texts travel in XML, which has no word for some characters. */
function encode(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function decode(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}

function adviceOn({ statusCode, code }: { readonly statusCode?: number; readonly code?: string }): string {
  const what = `${statusCode ?? "no answer"} ${code ?? ""}`.trim();
  if (code === "AuthorizationPermissionMismatch") {
    return `${what}. Give Slipway's identity the role Storage Queue Data Contributor on the storage account.`;
  }
  if (statusCode === 401 || statusCode === 403) {
    return `${what}. Check the key or signature of the storage account, and its firewall.`;
  }
  return `${what}.`;
}
