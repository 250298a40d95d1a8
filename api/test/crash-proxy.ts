import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A moment in a conversation with Azure: a request was sent and not heard, or took effect and nobody was told. */
export interface CrashPoint {
  readonly title: string;
  readonly method: string;
  readonly path: RegExp;
  readonly when: "before" | "after";
}

/** Stands between the API and Azure, and has the API crash, or something else happen, at exact moments. */
export interface CrashProxy {
  readonly url: string;
  /** Runs `crash` at each point, in order; resolves after the last. */
  crashAt(points: readonly CrashPoint[], crash: (point: CrashPoint) => Promise<void>): Promise<void>;
  /** Runs `act` at the `nth` such request, counted from 1; the conversation goes on when it resolves. Several may wait. */
  pauseAt(point: CrashPoint, nth: number, act: () => Promise<void>): void;
  stop(): Promise<void>;
}

interface Pause {
  readonly point: CrashPoint;
  toCome: number;
  readonly act: () => Promise<void>;
}

export async function createCrashProxy(target: () => string): Promise<CrashProxy> {
  let handleNext:
    | ((method: string, path: string) => { readonly point: CrashPoint; crash(): void } | undefined)
    | undefined;

  const pauses = new Set<Pause>();
  /** Pending from a crash until the point after it is known. */
  let settled: Promise<void> = Promise.resolve();

  /** What has to happen at this moment of the conversation before it goes on. */
  async function pause(request: IncomingMessage, when: CrashPoint["when"]): Promise<void> {
    for (const one of pauses) {
      const { method, path } = one.point;
      if (one.point.when !== when || request.method !== method || !path.test(request.url ?? "")) continue;
      one.toCome--;
      if (one.toCome > 0) continue;
      pauses.delete(one);
      await one.act();
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    // What a new process asks before the next point is known could be that point.
    await settled;
    if (request.socket.destroyed) return;
    const crashing = handleNext?.(request.method ?? "", request.url ?? "");
    if (crashing?.point.when === "before") return crashing.crash();
    await pause(request, "before");
    const answer = await forward(request, Buffer.concat(chunks));
    if (crashing) return crashing.crash();
    await pause(request, "after");
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }

  function forward(request: IncomingMessage, body: Buffer) {
    return new Promise<{ status: number; headers: IncomingMessage["headers"]; body: Buffer }>((resolve, reject) => {
      const { method, headers, url } = request;
      const forwarded = httpRequest(target() + url, { method, headers, agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
        );
      });
      forwarded.on("error", reject);
      forwarded.end(body);
    });
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    async crashAt(points, crash) {
      let settle = (): void => undefined;
      for (const point of points) {
        await new Promise<void>((resolve, reject) => {
          handleNext = (method, path) => {
            if (method !== point.method || !point.path.test(path)) return undefined;
            handleNext = undefined;
            const next = Promise.withResolvers<void>();
            settled = next.promise;
            settle = next.resolve;
            return { point, crash: () => void crash(point).then(resolve, reject) };
          };
          settle();
        });
      }
      settle();
    },
    pauseAt(point, nth, act) {
      pauses.add({ point, toCome: nth, act });
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
