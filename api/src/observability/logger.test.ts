import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { type Logger, createLogger } from "./logger.ts";

function recordingLogger(settings: { isPretty?: boolean } = {}): { log: Logger; text: () => string } {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return {
    log: createLogger({ level: "info", isPretty: false, destination, ...settings }),
    text: () => lines.join(""),
  };
}

test("a line is one JSON object with time, level, fields and message", () => {
  const { log, text } = recordingLogger();
  log.child({ "job.id": "j1" }).info({ "job.attempt": 2 }, "step done");
  expect(JSON.parse(text())).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    "job.id": "j1",
    "job.attempt": 2,
    msg: "step done",
  });
});

test("lines under the level are not written", () => {
  const { log, text } = recordingLogger();
  log.debug("quiet");
  expect(text()).toBe("");
});

test("an error keeps its type, message, stack and causes", () => {
  const { log, text } = recordingLogger();
  log.error({ err: new TypeError("outer", { cause: new Error("inner") }) }, "failed");
  const { err } = JSON.parse(text()) as { err: Record<string, unknown> };
  expect(err).toMatchObject({ type: "TypeError", message: expect.stringContaining("outer") });
  expect(JSON.stringify(err)).toContain("inner");
  expect(err["stack"]).toContain("logger.test.ts");
});

describe("secrets", () => {
  const sasUrl = "https://acct.blob.core.windows.net/logs/run.txt?se=2026-01-01&sig=c2VjcmV0&sp=r";
  const connection =
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0==;EndpointSuffix=core.windows.net";

  test.each<[string, (log: Logger) => void]>([
    ["an authorization header", (log) => log.info({ headers: { Authorization: "Bearer c2VjcmV0" } }, "request")],
    ["a cookie", (log) => log.info({ req: { headers: { cookie: "session=c2VjcmV0" } } }, "request")],
    ["a SAS signature in a field", (log) => log.info({ "log.url": sasUrl }, "log")],
    ["a SAS signature in a message", (log) => log.info(`read ${sasUrl}`)],
    ["a SAS signature in a message's argument", (log) => log.info("read %s", sasUrl)],
    ["a SAS signature in an error", (log) => log.error({ err: new Error(`GET ${sasUrl} failed`) }, "failed")],
    [
      "a SAS signature in an error's cause",
      (log) => log.error({ err: new Error("x", { cause: new Error(sasUrl) }) }, "failed"),
    ],
    ["an error given alone", (log) => log.error(new Error(sasUrl))],
    ["an encoded SAS signature", (log) => log.info({ url: encodeURIComponent(sasUrl) }, "log")],
    ["a connection string", (log) => log.info({ text: connection }, "store")],
    ["a connection string by its key", (log) => log.info({ connectionString: "c2VjcmV0" }, "store")],
    ["a bearer token in text", (log) => log.info({ text: "got Bearer c2VjcmV0" }, "token")],
    ["a password in a URL", (log) => log.info({ redis: "rediss://user:c2VjcmV0@host:6380" }, "connect")],
    ["a child's field", (log) => log.child({ source: sasUrl }).info("x")],
  ])("%s is cut out", (_case, write) => {
    const { log, text } = recordingLogger();
    write(log);
    expect(text()).toContain("[redacted]");
    expect(text()).not.toContain("c2VjcmV0");
  });

  test("are cut out of pretty lines too", () => {
    const { log, text } = recordingLogger({ isPretty: true });
    log.info({ url: sasUrl }, "log");
    expect(text()).toContain("se=2026-01-01");
    expect(text()).not.toContain("c2VjcmV0");
  });

  test("what is no secret stays readable", () => {
    const { log, text } = recordingLogger();
    log.info({ url: sasUrl, design: "sigma = 3", count: 3n }, "sign the assignment");
    expect(JSON.parse(text())).toMatchObject({
      url: expect.stringContaining("&sp=r"),
      design: "sigma = 3",
      count: "3",
      msg: "sign the assignment",
    });
  });
});

test("an object that contains itself is written", () => {
  const { log, text } = recordingLogger();
  const node: Record<string, unknown> = { name: "a" };
  node["self"] = node;
  log.info({ node }, "cycle");
  expect(JSON.parse(text())).toMatchObject({ node: { name: "a", self: "[circular]" } });
});
