import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import mercurius from "mercurius";
import { announcePort, everyUpdate, PROGRESS_SDL } from "../payload.ts";

const app = Fastify();
await app.register(mercurius, {
  schema: PROGRESS_SDL,
  subscription: true,
  resolvers: {
    Subscription: {
      provisionProgress: { subscribe: (_root, _args, { pubsub }) => pubsub.subscribe("progress") },
    },
  },
});
await app.listen({ port: 0, host: "127.0.0.1" });
announcePort((app.server.address() as AddressInfo).port);
everyUpdate(
  (provisionProgress) => void app.graphql.pubsub.publish({ topic: "progress", payload: { provisionProgress } }),
);
