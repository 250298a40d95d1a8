import type { AddressInfo } from "node:net";
import { buildSchema } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { announcePort, everyUpdate, PROGRESS_SDL, TOPICS } from "../payload.ts";

/** graphql-ws on graphql-js alone, with a hub that costs next to nothing. */
const waiting = new Map(TOPICS.map((topic) => [topic, new Set<(progress: object) => void>()]));
async function* updates({ provisionId }: { readonly provisionId: string }): AsyncGenerator<object> {
  for (;;) {
    const { promise, resolve } = Promise.withResolvers<object>();
    waiting.get(provisionId)?.add(resolve);
    yield { provisionProgress: await promise };
  }
}
const server = new WebSocketServer({ port: 0, host: "127.0.0.1", path: "/graphql", perMessageDeflate: false });
server.on("listening", () => announcePort((server.address() as AddressInfo).port));
useServer({ schema: buildSchema(PROGRESS_SDL), roots: { subscription: { provisionProgress: updates } } }, server);
everyUpdate((progress) => {
  for (const readers of waiting.values()) {
    const told = [...readers];
    readers.clear();
    for (const resolve of told) resolve(progress);
  }
});
