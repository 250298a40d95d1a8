import type { Client as WebSocketClient, Sink, SubscribePayload } from "graphql-ws";
import { expect, test } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { type LiveOperation, type OperationSink, runLiveOperation } from "./live-operation.ts";
import { createRetryWait } from "./retry-wait.ts";

/** A graphql-ws client whose server end is in the test's hands. It keeps the payload objects, as the real one does between reconnects. */
function createFakeSocket() {
  const started: { payload: SubscribePayload; sink: Sink; isStopped: boolean }[] = [];
  const subscribe = (payload: SubscribePayload, sink: Sink) => {
    const entry = { payload, sink, isStopped: false };
    started.push(entry);
    return () => {
      entry.isStopped = true;
    };
  };
  const latest = () => {
    const entry = started.at(-1);
    if (!entry) throw new Error("nothing was started");
    return entry;
  };
  return { client: { subscribe } as unknown as WebSocketClient, started, latest };
}

function run(part: Partial<LiveOperation>) {
  const clock = createManualClock(0);
  const retryWait = createRetryWait(clock, () => 0.5);
  const socket = createFakeSocket();
  const heard: string[] = [];
  const sink: OperationSink = {
    next: (result) => heard.push(result.errors ? `refused: ${result.errors[0]?.message}` : JSON.stringify(result.data)),
    error: (error) => heard.push(`error: ${(error as Error).message}`),
    complete: () => heard.push("complete"),
  };
  const stop = runLiveOperation(
    () => socket.client,
    retryWait,
    { query: "subscription { x }", variables: {}, kind: "subscription", ...part },
    sink,
  );
  return { socket, heard, stop, retryWait };
}

const refusal = (message: string, code: string) => [{ message, extensions: { code } }];

test("after a reconnect a log topic goes on behind the last entry that arrived", () => {
  const { socket } = run({ variables: { provisionId: "p1", afterSequence: 2 } });
  const { payload, sink } = socket.latest();
  sink.next({ data: { provisionTimeline: { sequence: 3 } } });
  sink.next({ data: { provisionTimeline: { sequence: 5 } } });
  sink.next({ data: { provisionTimeline: { sequence: 4 } } });
  expect(payload.variables).toEqual({ provisionId: "p1", afterSequence: 5 });
});

test("after a reconnect a build's log goes on behind its last line, says which log that was, and from the first when it was replaced", () => {
  const { socket } = run({ variables: { buildId: "b1", afterLine: 0 } });
  const { payload, sink } = socket.latest();
  sink.next({ data: { buildLog: { firstLine: 1, lines: ["a", "b", "c"], restarted: false, logId: "old" } } });
  expect(payload.variables).toEqual({ buildId: "b1", afterLine: 3, logId: "old" });
  sink.next({ data: { buildLog: { firstLine: 1, lines: ["A"], restarted: true, logId: "new" } } });
  expect(payload.variables).toEqual({ buildId: "b1", afterLine: 1, logId: "new" });
});

test("the caller's variables stay as they were, so that urql still knows its operation", () => {
  const variables = { afterSequence: 0 };
  const { socket } = run({ variables });
  socket.latest().sink.next({ data: { provisionTimeline: { sequence: 9 } } });
  expect(variables.afterSequence).toBe(0);
});

test("a state topic gets no cursor", () => {
  const { socket } = run({ variables: { provisionId: "p1" } });
  socket.latest().sink.next({ data: { provisionProgress: { sequence: 9 } } });
  expect(socket.latest().payload.variables).toEqual({ provisionId: "p1" });
});

test("a topic that is refused for a passing reason is asked for again, with its cursor", async () => {
  const { socket, heard, retryWait } = run({ variables: { afterSequence: 0 } });
  socket.latest().sink.next({ data: { provisionTimeline: { sequence: 7 } } });
  socket.latest().sink.error(refusal("The store is away", "STORE_UNAVAILABLE") as never);
  expect(heard.at(-1)).toBe("refused: The store is away");
  retryWait.wake();
  await Promise.resolve();
  expect(socket.started).toHaveLength(2);
  expect(socket.latest().payload.variables).toEqual({ afterSequence: 7 });
});

test("a topic that has been left is not asked for again", async () => {
  const { socket, stop, retryWait } = run({});
  socket.latest().sink.error(refusal("The store is away", "STORE_UNAVAILABLE") as never);
  stop();
  retryWait.wake();
  await Promise.resolve();
  expect(socket.started).toHaveLength(1);
});

test("a topic that doesn't exist is not asked for again", async () => {
  const { socket, heard, retryWait } = run({});
  socket.latest().sink.error(refusal("No such provision", "NOT_FOUND") as never);
  retryWait.wake();
  await Promise.resolve();
  expect(heard).toEqual(["refused: No such provision", "complete"]);
  expect(socket.started).toHaveLength(1);
});

test("a mutation ends with its first refusal: repeating it is the person's choice", () => {
  const { socket, heard } = run({ kind: "mutation" });
  socket.latest().sink.error(refusal("Too many requests", "RATE_LIMITED") as never);
  expect(heard).toEqual(["refused: Too many requests", "complete"]);
});

test("a socket that was closed for good is an error of a query and a passing one of a topic", () => {
  const closed = { code: 4400, reason: "Invalid message" };
  const query = run({ kind: "query" });
  query.socket.latest().sink.error(closed as never);
  expect(query.heard).toEqual(["error: The API closed the connection (4400 Invalid message)."]);
  const topic = run({});
  topic.socket.latest().sink.error(closed as never);
  expect(topic.heard).toEqual(["refused: The API closed the connection (4400 Invalid message)."]);
});

test("what the web UI was built with is asked for by its hash; a server that does not know it is sent the text, and nobody is told", () => {
  const { socket, heard } = run({ name: "Session", query: "query Session { viewer { name } }", kind: "query" });
  const first = socket.latest();
  expect(first.payload).toMatchObject({ query: "", extensions: { persistedQuery: { version: 1 } } });
  first.sink.error(refusal("unknown", "PERSISTED_OPERATION_UNKNOWN"));
  const second = socket.latest();
  expect(socket.started).toHaveLength(2);
  expect(second.payload.query).toBe("query Session { viewer { name } }");
  expect(second.payload.extensions).toBeUndefined();
  second.sink.next({ data: { viewer: { name: "Ada" } } });
  expect(heard).toEqual(['{"viewer":{"name":"Ada"}}']);
});

test("an operation that the build does not know is asked for by its text", () => {
  const { socket } = run({ name: "Unheard", query: "query Unheard { viewer { name } }" });
  expect(socket.latest().payload).toEqual({ query: "query Unheard { viewer { name } }", variables: {} });
});
