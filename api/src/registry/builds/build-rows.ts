import type { EntityChange } from "../../storage/entity-store.ts";
import { rowHash } from "../row-hash.ts";
import { imageName, type AcrBuild } from "./acr-build.ts";
import { isTerminalBuild } from "./acr-run.ts";

/**
 * Rows of a registry's partition that tell of its builds: `build:<id>`, `active:<id>` (in flight), `guard:<hash>` (the one
 * build of an image:tag in flight), `run:<runId>` (which build a run is), and two lists that are newest first,
 * `history:<age>:<id>` of all and `imagehistory:<hash>:<age>:<id>` of one image.
 */
export function buildChanges(partitionKey: string, build: AcrBuild, before: AcrBuild | undefined): EntityChange[] {
  const name = nameOf(build);
  const put = (rowKey: string, record: unknown): EntityChange => ({
    kind: "upsert",
    entity: { partitionKey, rowKey, properties: { record: JSON.stringify(record) } },
  });
  const remove = (rowKey: string): EntityChange => ({ kind: "delete", key: { partitionKey, rowKey } });
  const wasActive = before !== undefined && !isTerminalBuild(before.status);
  const ended = isTerminalBuild(build.status);
  // Azure has told the image of a run that others started.
  const movedFrom = before && before.image !== build.image ? before : undefined;
  return [
    put(`build:${name}`, build),
    ...(before ? [] : [put(`${historyPrefix()}${placeOf(build)}`, build.id)]),
    ...(movedFrom ? [remove(`${historyPrefix(movedFrom.image)}${placeOf(movedFrom)}`)] : []),
    ...(before && !movedFrom ? [] : [imageHistoryRow(partitionKey, build)]),
    ...(build.runId !== undefined && before?.runId !== build.runId ? [put(`run:${build.runId}`, build.id)] : []),
    ...(ended || wasActive ? [] : [put(`active:${name}`, build.id)]),
    ...(ended && wasActive ? [remove(`active:${name}`)] : []),
    ...(ended && wasActive && build.input !== undefined ? [remove(guardRow(build))] : []),
  ];
}

/** The place of a build in the list of its image. */
export function imageHistoryRow(partitionKey: string, build: AcrBuild): EntityChange {
  const rowKey = `${historyPrefix(build.image)}${placeOf(build)}`;
  return { kind: "upsert", entity: { partitionKey, rowKey, properties: { record: JSON.stringify(build.id) } } };
}

/** Of a build that lists are to leave out from now on. */
export function droppedChanges(partitionKey: string, build: AcrBuild): EntityChange[] {
  return build.isWithdrawn ? withdrawnChanges(partitionKey, build) : replacedChanges(partitionKey, build);
}

/** Of a run that turned out to be another build's: its record stays for whoever knows its id, the lists have that build. */
function replacedChanges(partitionKey: string, build: AcrBuild): EntityChange[] {
  const remove = (rowKey: string): EntityChange => ({ kind: "delete", key: { partitionKey, rowKey } });
  const record = { partitionKey, rowKey: `build:${nameOf(build)}`, properties: { record: JSON.stringify(build) } };
  return [
    { kind: "upsert", entity: record },
    remove(`${historyPrefix()}${placeOf(build)}`),
    remove(`${historyPrefix(build.image)}${placeOf(build)}`),
    ...(isTerminalBuild(build.status) ? [] : [remove(`active:${nameOf(build)}`)]),
  ];
}

/** Of an intent that Azure has refused: nothing of it stays. */
function withdrawnChanges(partitionKey: string, build: AcrBuild): EntityChange[] {
  const remove = (rowKey: string): EntityChange => ({ kind: "delete", key: { partitionKey, rowKey } });
  return [
    remove(`build:${nameOf(build)}`),
    remove(`active:${nameOf(build)}`),
    remove(`${historyPrefix()}${placeOf(build)}`),
    remove(`${historyPrefix(build.image)}${placeOf(build)}`),
    remove(guardRow(build)),
  ];
}

export function guardRow(image: Pick<AcrBuild, "image" | "tag">): string {
  return `guard:${rowHash(imageName(image))}`;
}

/** Keys of the list of all builds, or of one image's, begin so; the place of a build in it follows. */
export function historyPrefix(image?: string): string {
  return image === undefined ? "history:" : `imagehistory:${rowHash(image)}:`;
}

const LAST_TIME_MS = 8_640_000_000_000_000;

/** Sorts newest first. */
function placeOf(build: AcrBuild): string {
  return `${String(LAST_TIME_MS - Date.parse(build.createdAt)).padStart(16, "0")}:${nameOf(build)}`;
}

function nameOf({ id }: AcrBuild): string {
  return id.slice(id.indexOf(".") + 1);
}
