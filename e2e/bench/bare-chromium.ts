import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import WebSocket from "ws";
import { chromiumLaunchOptions } from "../fixtures/chromium.ts";

/** Seconds of processor time that Chromium's processes have used so far. */
export interface ProcessorTime {
  readonly renderers: number;
  readonly gpu: number;
}

/**
 * One tab of a Chromium that nothing but its own protocol drives. A driver such as Playwright keeps every page visible and focused, so what a hidden
 * tab costs can't be seen with it.
 */
export interface BareChromium {
  /** Loads `url` in the tab, after `script` in each of its documents. */
  open(url: string, script: string): Promise<void>;
  /** Gives what an expression of JavaScript comes to in the tab; a promise is awaited. */
  evaluate<T>(expression: string): Promise<T>;
  /** Opens another tab in front of this one. */
  hide(): Promise<void>;
  processorTime(): Promise<ProcessorTime>;
  close(): Promise<void>;
}

type Call = <T>(method: string, params?: object, sessionId?: string) => Promise<T>;

export async function startBareChromium(): Promise<BareChromium> {
  const userDataDir = await mkdtemp(join(tmpdir(), "slipway-chromium-"));
  const { executablePath = "chromium", args = [] } = chromiumLaunchOptions();
  const flags = [...args, "--headless=new", "--remote-debugging-port=0", "--window-size=1280,900"];
  const browser = spawn(executablePath, [...flags, `--user-data-dir=${userDataDir}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exit = once(browser, "exit");
  const { call, end } = await connect(await debuggerUrl(browser.stderr));
  const { targetInfos } = await call<{ targetInfos: readonly { targetId: string; type: string }[] }>(
    "Target.getTargets",
  );
  const targetId = targetInfos.find(({ type }) => type === "page")?.targetId;
  const { sessionId } = await call<{ sessionId: string }>("Target.attachToTarget", { targetId, flatten: true });

  return {
    async open(url, script) {
      await call("Page.enable", {}, sessionId);
      await call("Page.addScriptToEvaluateOnNewDocument", { source: script }, sessionId);
      await call("Page.navigate", { url }, sessionId);
    },
    async evaluate<T>(expression: string): Promise<T> {
      const params = { expression, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await call<{ result: { value: T }; exceptionDetails?: { text: string } }>(
        "Runtime.evaluate",
        params,
        sessionId,
      );
      if (exceptionDetails) throw new Error(`The page threw: ${JSON.stringify(exceptionDetails)}`);
      return result.value;
    },
    async hide() {
      const other = await call<{ targetId: string }>("Target.createTarget", { url: "about:blank" });
      await call("Target.activateTarget", other);
    },
    async processorTime() {
      const { processInfo } = await call<{ processInfo: readonly { type: string; cpuTime: number }[] }>(
        "SystemInfo.getProcessInfo",
      );
      const secondsOf = (wanted: string): number =>
        processInfo.filter(({ type }) => type === wanted).reduce((sum, { cpuTime }) => sum + cpuTime, 0);
      return { renderers: secondsOf("renderer"), gpu: secondsOf("GPU") };
    },
    async close() {
      end();
      browser.kill();
      await exit;
      await rm(userDataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function debuggerUrl(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const url = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error("Chromium ended before it said where its protocol is spoken.");
}

async function connect(url: string): Promise<{ call: Call; end(): void }> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  socket.on("message", (data: Buffer) => {
    const answer = JSON.parse(data.toString()) as {
      readonly id?: number;
      readonly result?: unknown;
      readonly error?: { readonly message: string };
    };
    const asked = answer.id === undefined ? undefined : waiting.get(answer.id);
    if (answer.id !== undefined) waiting.delete(answer.id);
    if (answer.error) asked?.reject(new Error(answer.error.message));
    else asked?.resolve(answer.result);
  });
  let calls = 0;
  return {
    call: <T>(method: string, params: object = {}, sessionId?: string): Promise<T> => {
      const asked = Promise.withResolvers<unknown>();
      waiting.set(++calls, asked);
      socket.send(JSON.stringify({ id: calls, method, params, sessionId }));
      return asked.promise as Promise<T>;
    },
    end: () => socket.close(),
  };
}
