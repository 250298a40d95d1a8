import { randomUUID } from "node:crypto";
import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import type { HttpClient, Pipeline } from "@azure/core-rest-pipeline";
import type { EntityChange } from "./entity-store.ts";
import { toODataJson } from "./table-entity-codec.ts";
import { TableRefusal } from "./table-refusal.ts";

/**
 * Entity group transactions, written out here because the client's own `submitTransaction` deletes whatever version is there
 * (it drops the ETag of a delete) and takes a brace in a key for the body of an error.
 * https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
 */

const CRLF = "\r\n";

export interface TransactionRequest {
  readonly endpoint: string;
  readonly tableName: string;
  readonly changes: readonly EntityChange[];
  /** Signs; its end is `httpClient`. */
  readonly pipeline: Pipeline;
  readonly httpClient: HttpClient;
  readonly signal: AbortSignal;
}

/** The refusal of a transaction, with the place of the change that it is about. */
export class TransactionRefusal extends TableRefusal {
  /** Undefined when the whole was refused. */
  readonly index: number | undefined;

  constructor(status: number, code: string, message: string) {
    const index = /^(\d{1,2}):/.exec(message)?.[1];
    super(status, code, message);
    this.index = index === undefined ? undefined : Number(index);
  }
}

/**
 * @returns the etag of each change in order, undefined for deletes.
 * @throws TransactionRefusal, and whatever the pipeline throws.
 */
export async function sendTransaction(request: TransactionRequest): Promise<(string | undefined)[]> {
  const { endpoint, tableName, changes, pipeline, httpClient, signal } = request;
  const batchId = `batch_${randomUUID()}`;
  const response = await pipeline.sendRequest(
    httpClient,
    createPipelineRequest({
      url: `${endpoint}/$batch`,
      method: "POST",
      headers: createHttpHeaders({
        Accept: "application/json",
        "Content-Type": `multipart/mixed; boundary=${batchId}`,
        DataServiceVersion: "3.0;",
        MaxDataServiceVersion: "3.0;NetFx",
        "x-ms-version": "2019-02-02",
      }),
      body: encodeBatch(batchId, `${endpoint}/${tableName}`, changes),
      abortSignal: signal,
      allowInsecureConnection: endpoint.startsWith("http:"),
    }),
  );
  const text = response.bodyAsText ?? "";
  if (response.status !== 202) throw refusalOf(response.status, text);
  return decodeAnswers(text, changes);
}

function encodeBatch(batchId: string, tableUrl: string, changes: readonly EntityChange[]): string {
  const changesetId = `changeset_${randomUUID()}`;
  const parts = changes.map((change) =>
    [
      `--${changesetId}`,
      "Content-Type: application/http",
      "Content-Transfer-Encoding: binary",
      "",
      encodeChange(tableUrl, change),
    ].join(CRLF),
  );
  return [
    `--${batchId}`,
    `Content-Type: multipart/mixed; boundary=${changesetId}`,
    "",
    ...parts,
    `--${changesetId}--`,
    `--${batchId}--`,
    "",
  ].join(CRLF);
}

function encodeChange(tableUrl: string, change: EntityChange): string {
  const { partitionKey, rowKey } = change.kind === "delete" ? change.key : change.entity;
  const entityUrl = `${tableUrl}(PartitionKey='${encodeKey(partitionKey)}',RowKey='${encodeKey(rowKey)}')`;
  const target = {
    insert: `POST ${tableUrl}`,
    replace: `PUT ${entityUrl}`,
    upsert: `PUT ${entityUrl}`,
    delete: `DELETE ${entityUrl}`,
  };
  const ifMatch = change.kind === "replace" || change.kind === "delete" ? [`If-Match: ${change.etag ?? "*"}`] : [];
  const body = change.kind === "delete" ? "" : toODataJson(partitionKey, rowKey, change.entity.properties);
  return [
    `${target[change.kind]} HTTP/1.1`,
    "Accept: application/json;odata=minimalmetadata",
    ...(body === "" ? [] : ["Content-Type: application/json"]),
    ...(change.kind === "insert" ? ["Prefer: return-no-content"] : []),
    "DataServiceVersion: 3.0;",
    ...ifMatch,
    "",
    body,
  ].join(CRLF);
}

function encodeKey(key: string): string {
  return encodeURIComponent(key.replaceAll("'", "''"));
}

function decodeAnswers(text: string, changes: readonly EntityChange[]): (string | undefined)[] {
  const answers = text.split(/^--changesetresponse_.*$/m).flatMap((part) => {
    const start = /^HTTP\/1\.1 (\d{3}).*$/m.exec(part);
    return start ? [{ status: Number(start[1]), text: part.slice(start.index) }] : [];
  });
  const refused = answers.find(({ status }) => status >= 400);
  if (refused) throw refusalOf(refused.status, refused.text.slice(Math.max(refused.text.search(/^\s*\{/m), 0)));
  const etags = answers.map((answer) => /^ETag:[ \t]*(.*?)\s*$/im.exec(answer.text)?.[1]);
  const isComplete = changes.every(
    (change, index) => index < answers.length && (change.kind === "delete" || etags[index] !== undefined),
  );
  if (!isComplete || answers.length !== changes.length) {
    throw new TransactionRefusal(
      202,
      "INCOMPLETE_ANSWER",
      `${answers.length} of ${changes.length} changes were answered`,
    );
  }
  return changes.map((change, index) => (change.kind === "delete" ? undefined : etags[index]));
}

function refusalOf(status: number, body: string): TransactionRefusal {
  try {
    const { "odata.error": error } = JSON.parse(body) as {
      "odata.error"?: { code?: unknown; message?: { value?: unknown } };
    };
    if (typeof error?.code === "string")
      return new TransactionRefusal(status, error.code, String(error.message?.value ?? ""));
  } catch {
    // A proxy's page, or XML: the status says enough.
  }
  return new TransactionRefusal(status, `HTTP ${status}`, "");
}
