import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { createWatch, type Watch } from "./watch.ts";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface GraphQLAnswer<T> {
  readonly data?: T | null;
  readonly errors?: readonly GraphQLProblem[];
}

export interface GraphQLProblem {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Sends the body in chunks, without saying how long it is. */
  readonly chunked?: boolean;
}

/** What a client of the API can do. Every connection is one of its own, so that none outlives its test. */
export interface ApiClient {
  readonly url: string;
  http(request: RawRequest): Promise<HttpAnswer>;
  /** POST; answers the body, whatever the status. */
  graphql<T>(query: string, variables?: object): Promise<GraphQLAnswer<T>>;
  /** The data of an answer that must have no errors. */
  data<T>(query: string, variables?: object): Promise<T>;
  /** Over one WebSocket per client, which reconnects for ever when `reconnect` is on. */
  subscribe<T>(query: string, variables?: object): Watch<T>;
  /** The same over server-sent events. */
  sse<T>(query: string, variables?: object): Watch<T>;
  /** WebSockets that were opened so far. */
  connections(): number;
  close(): Promise<void>;
}

const RECONNECT_MS = 100;

export function createApiClient(url: string, options: { readonly reconnect?: boolean } = {}): ApiClient {
  let connections = 0;
  const streams = new Set<AbortController>();
  const socket = createClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: options.reconnect ? Infinity : 0,
    shouldRetry: () => options.reconnect === true,
    retryWait: () => wait(RECONNECT_MS),
    on: { connected: () => void connections++ },
  });

  function http({ method = "POST", path = "/graphql", headers = {}, body, chunked }: RawRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const length = body === undefined || chunked ? {} : { "content-length": String(Buffer.byteLength(body)) };
      const request = httpRequest(
        url + path,
        { method, headers: { ...length, ...headers }, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: Buffer.concat(chunks).toString("utf8"),
            }),
          );
        },
      );
      request.on("error", reject);
      request.end(body);
    });
  }

  async function graphql<T>(query: string, variables: object = {}): Promise<GraphQLAnswer<T>> {
    const answer = await http({
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    return JSON.parse(answer.text) as GraphQLAnswer<T>;
  }

  return {
    url,
    http,
    graphql,
    async data<T>(query: string, variables?: object) {
      const { data, errors } = await graphql<T>(query, variables);
      if (errors || !data) throw new Error(`The operation failed: ${JSON.stringify(errors)}`);
      return data;
    },
    subscribe<T>(query: string, variables: object = {}) {
      return createWatch<T>((sink) =>
        socket.subscribe<Record<string, T>>(
          { query, variables: { ...variables } },
          {
            next: ({ data, errors }) => {
              if (errors) sink.fail(errors);
              else sink.message(Object.values(data ?? {})[0] as T);
            },
            error: sink.fail,
            complete: sink.complete,
          },
        ),
      );
    },
    sse<T>(query: string, variables: object = {}) {
      const abort = new AbortController();
      streams.add(abort);
      return createWatch<T>((sink) => {
        readEvents<T>(url, query, variables, abort.signal, sink.message).then(sink.complete, sink.fail);
        return () => abort.abort();
      });
    },
    connections: () => connections,
    async close() {
      for (const stream of streams) stream.abort();
      await socket.dispose();
    },
  };
}

/** Distinct connections: a subscription over server-sent events is one long answer to a GET. */
function readEvents<T>(
  url: string,
  query: string,
  variables: object,
  signal: AbortSignal,
  onMessage: (message: T) => void,
): Promise<void> {
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${url}/graphql?${search}`,
      { headers: { accept: "text/event-stream" }, agent: false, signal },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("error", reject);
        response.on("data", (chunk: string) => {
          text += chunk;
          const events = text.split("\n\n");
          text = events.pop() ?? "";
          for (const event of events) {
            const name = /^event: (.*)$/m.exec(event)?.[1];
            const data = /^data: (.*)$/m.exec(event)?.[1];
            if (name === "complete") return resolve();
            if (name !== "next" || data === undefined) continue;
            const answer = JSON.parse(data) as GraphQLAnswer<Record<string, T>>;
            if (answer.errors) return reject(answer.errors);
            onMessage(Object.values(answer.data ?? {})[0] as T);
          }
        });
        response.on("end", () => reject(new Error("The stream broke off before it was complete.")));
      },
    );
    request.on("error", reject);
    request.end();
  });
}
