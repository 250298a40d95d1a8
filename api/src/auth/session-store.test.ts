import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createManualClock, type ManualClock } from "../shared/clock.ts";
import type { EntityStore } from "../storage/entity-store.ts";
import { openEntityStore } from "../storage/open-entity-store.ts";
import { createSessionStore, type Session, type SessionStore } from "./session-store.ts";

let dataDir: string;
let entities: EntityStore;
let clock: ManualClock;
let sessions: SessionStore;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "slipway-sessions-"));
  clock = createManualClock();
  entities = openEntityStore({
    settings: { kind: "embedded" },
    dataDir,
    clock,
    random: Math.random,
    createCredential: () => {
      throw new Error("The embedded store signs in nowhere.");
    },
  });
  sessions = createSessionStore(entities, clock);
});
afterEach(async () => {
  await entities.close();
  await rm(dataDir, { recursive: true, force: true });
});

function session(changes: Partial<Session> = {}): Session {
  return {
    viewer: { id: "canary-id", name: "canary-name", roles: ["Slipway.Viewer"] },
    issuedAtMs: clock.now(),
    expiresAtMs: clock.now() + 3_600_000,
    idToken: "canary-id-token",
    refreshToken: "canary-refresh-token",
    ...changes,
  };
}

test("a session is opened by its cookie and by nothing else", async () => {
  const cookie = await sessions.create(session());
  expect((await sessions.open(cookie))?.session).toEqual(session());
  const [id, key] = cookie.split(".");
  const other = await sessions.create(session());
  const [otherId, otherKey] = other.split(".");
  for (const wrong of ["", "x", id, `${id}.`, `.${key}`, `${id}.${otherKey}`, `${otherId}.${key}`, `${cookie}x`]) {
    expect(await sessions.open(String(wrong)), String(wrong)).toBeUndefined();
  }
});

test("whoever reads the store finds neither a token nor the cookie in it", async () => {
  const cookie = await sessions.create(session());
  await entities.close();
  const files = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const text = (
    await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), "latin1")),
    )
  ).join("");
  expect(text, "it was stored").toContain("sealed");
  for (const secret of ["canary", ...cookie.split(".")]) expect(text).not.toContain(secret);
});

test("of two who renew it one does, and the other is told", async () => {
  const cookie = await sessions.create(session());
  const opened = await sessions.open(cookie);
  if (!opened) throw new Error("There is a session.");
  expect(await sessions.replace(cookie, opened, session({ idToken: "first" }))).toBe(true);
  expect(await sessions.replace(cookie, opened, session({ idToken: "second" }))).toBe(false);
  expect((await sessions.open(cookie))?.session.idToken).toBe("first");
});

test("one that was deleted is not brought back by whoever was renewing it", async () => {
  const cookie = await sessions.create(session());
  const opened = await sessions.open(cookie);
  if (!opened) throw new Error("There is a session.");
  await sessions.delete(opened.id);
  await sessions.delete(opened.id);
  expect(await sessions.replace(cookie, opened, session())).toBe(false);
  expect(await sessions.open(cookie)).toBeUndefined();
});

test("those that nobody has used for thirty days go with the next sign-in", async () => {
  const forgotten = await sessions.create(session());
  await clock.advance(29 * 24 * 3_600_000);
  const used = await sessions.create(session());
  expect(await sessions.open(forgotten)).toBeDefined();
  await clock.advance(2 * 24 * 3_600_000);
  await sessions.create(session());
  expect(await sessions.open(forgotten)).toBeUndefined();
  expect(await sessions.open(used)).toBeDefined();
});

test("a sign-in tidies some of many forgotten ones, and the others open nothing either", async () => {
  const cookies = await Promise.all(Array.from({ length: 60 }, () => sessions.create(session())));
  await clock.advance(31 * 24 * 3_600_000);
  await sessions.create(session());
  const { entities: kept } = await entities.table("sessions").list({ partitionKey: "session" });
  expect(kept.length).toBeLessThan(61);
  expect(kept.length).toBeGreaterThanOrEqual(61 - 20);
  for (const cookie of cookies) expect(await sessions.open(cookie)).toBeUndefined();
});
