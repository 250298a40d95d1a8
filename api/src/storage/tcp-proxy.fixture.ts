import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** Stands between a store and its service, and fails the way networks do. */
export interface TcpProxy {
  readonly port: number;
  /** Refuses connections and cuts those that are there. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Takes everything and answers nothing, until `up`. */
  swallow(): void;
  /** The next request gets through and takes effect; its answer doesn't come back. Resolves when it was cut. */
  cutNextAnswer(): Promise<void>;
  /** The same for every n-th piece that comes back, of which an answer may have two, until `up`. */
  cutEvery(n: number): void;
  stop(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isSwallowing = false;
  let onCut: (() => void) | undefined;
  let cutPeriod = Infinity;
  let pieces = 0;

  const keep = (socket: Socket): void => {
    sockets.add(socket);
    // Both ends are cut on purpose here; the other side's complaint is what the test looks at.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    if (isSwallowing) {
      client.resume();
      return;
    }
    const target = connect(targetPort, "127.0.0.1");
    keep(target);
    client.on("data", (chunk) => {
      if (!isSwallowing) target.write(chunk);
    });
    target.on("data", (chunk) => {
      pieces++;
      if (onCut || pieces % cutPeriod === 0) {
        onCut?.();
        onCut = undefined;
        client.destroy();
        target.destroy();
      } else if (!isSwallowing) client.write(chunk);
    });
    client.on("close", () => target.destroy());
    target.on("close", () => client.destroy());
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const down = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    cutAll();
    await closed;
  };

  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    down,
    async up() {
      isSwallowing = false;
      cutPeriod = Infinity;
      cutAll();
      if (!server.listening) await listen(port);
    },
    cutEvery(n) {
      cutPeriod = n;
    },
    swallow() {
      isSwallowing = true;
    },
    cutNextAnswer: () =>
      new Promise((resolve) => {
        onCut = resolve;
      }),
    stop: down,
  };
}
