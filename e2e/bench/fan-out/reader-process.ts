import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ReadersOrder, ReadersReport } from "./readers.ts";

export interface Readers {
  /** Counts from now on. */
  begin(): Promise<void>;
  end(): Promise<ReadersReport>;
  stop(): void;
}

/** Resolves when all readers have subscribed. */
export async function startReaders(order: ReadersOrder): Promise<Readers> {
  const child = fork(fileURLToPath(new URL("readers.ts", import.meta.url)));
  const ask = (message: object): Promise<{ readonly report?: ReadersReport }> =>
    new Promise((resolve, reject) => {
      child.once("message", (answer: { kind: string; reason?: string; report?: ReadersReport }) =>
        answer.kind === "failed" ? reject(new Error(answer.reason)) : resolve(answer),
      );
      child.send(message);
    });
  const stop = (): void => void child.kill("SIGKILL");
  try {
    await ask(order);
  } catch (error) {
    stop();
    throw error;
  }
  return {
    begin: async () => void (await ask({ kind: "begin" })),
    async end() {
      const { report } = await ask({ kind: "end" });
      if (!report) throw new Error("The readers gave no report.");
      return report;
    },
    stop,
  };
}
