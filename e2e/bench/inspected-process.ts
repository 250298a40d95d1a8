import WebSocket from "ws";

/** A process of Node that was started with `--inspect=127.0.0.1:<port>`, asked by the protocol of its debugger. */
export interface InspectedProcess {
  /** Megabytes of the heap in use right after a full collection. */
  heapMb(): Promise<number>;
  close(): void;
}

export async function inspectProcess(port: number): Promise<InspectedProcess> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    readonly webSocketDebuggerUrl: string;
  }[];
  if (!target) throw new Error(`No process is inspected on port ${port}.`);
  const socket = new WebSocket(target.webSocketDebuggerUrl, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const waiting = new Map<number, (result: unknown) => void>();
  let calls = 0;
  socket.on("message", (data: Buffer) => {
    const { id, result } = JSON.parse(data.toString()) as { readonly id?: number; readonly result?: unknown };
    if (id === undefined) return;
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  const call = <T>(method: string, params: object = {}): Promise<T> =>
    new Promise((resolve) => {
      waiting.set(++calls, resolve as (result: unknown) => void);
      socket.send(JSON.stringify({ id: calls, method, params }));
    });
  return {
    async heapMb() {
      await call("HeapProfiler.collectGarbage");
      const { usedSize } = await call<{ usedSize: number }>("Runtime.getHeapUsage");
      return Math.round(usedSize / 1e5) / 10;
    },
    close: () => socket.close(),
  };
}
