import type { AddressInfo } from "node:net";
import { buildSchema } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { announcePort, everyUpdate, PROGRESS_SDL } from "../payload.ts";

/** graphql-ws on graphql-js alone, with a hub that costs next to nothing. */
const waiting = new Set<(progress: object) => void>();
async function* updates(): AsyncGenerator<object> {
  for (;;) {
    const { promise, resolve } = Promise.withResolvers<object>();
    waiting.add(resolve);
    yield { provisionProgress: await promise };
  }
}
const server = new WebSocketServer({ port: 0, host: "127.0.0.1", path: "/graphql", perMessageDeflate: false });
server.on("listening", () => announcePort((server.address() as AddressInfo).port));
useServer({ schema: buildSchema(PROGRESS_SDL), roots: { subscription: { provisionProgress: updates } } }, server);
everyUpdate((progress) => {
  const readers = [...waiting];
  waiting.clear();
  for (const resolve of readers) resolve(progress);
});
