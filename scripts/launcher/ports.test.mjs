import { once } from "node:events";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { portProblems } from "./ports.mjs";

async function listeningServer() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return server.address().port;
}

test("names every port that is taken and the setting that chooses another", async () => {
  const [first, second] = [await listeningServer(), await listeningServer()];
  const host = "127.0.0.1";
  expect(
    await portProblems([
      { port: first, host, variable: "SLIPWAY_WEB_PORT" },
      { port: 0, host, variable: "SLIPWAY_API_PORT" },
      { port: second, host, variable: "SLIPWAY_EMULATOR_PORT" },
    ]),
  ).toEqual([
    `Port ${first} on 127.0.0.1 is taken; choose another with SLIPWAY_WEB_PORT.`,
    `Port ${second} on 127.0.0.1 is taken; choose another with SLIPWAY_EMULATOR_PORT.`,
  ]);
});

test("says once that an address is not this machine's", async () => {
  const host = "192.0.2.1";
  const listeners = ["SLIPWAY_WEB_PORT", "SLIPWAY_API_PORT"].map((variable) => ({ port: 0, host, variable }));
  expect(await portProblems(listeners)).toEqual([
    "192.0.2.1 is no address of this machine; choose another with SLIPWAY_HOST.",
  ]);
});
