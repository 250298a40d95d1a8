import { EntityExistsError, type EntityTable } from "../storage/entity-store.ts";
import type { AnyJobImplementation, JobChanges } from "./define-job.ts";
import type { JobService } from "./job-service.ts";
import { countingKind, REF, startRequest, type CountingLook } from "./job-world.fixture.ts";
import { atPoint, type Fate } from "./mortal-table.fixture.ts";

/** The world outside the store. To create is idempotent by name, as with Azure's PUT. */
export interface Outside {
  readonly created: Set<string>;
  polls: number;
}

const ORDER = { partitionKey: REF.partitionKey, rowKey: "order" };

/** What the job has written into its feature's record, one line a move: to append is not idempotent. */
export async function readLines(table: EntityTable): Promise<string> {
  const entity = await table.get(ORDER);
  return String(entity?.properties["lines"] ?? "none");
}

export function startOrder(service: JobService): Promise<void> {
  return service.start({
    ...startRequest(),
    changes: [{ kind: "insert", entity: { ...ORDER, properties: { lines: "ordered" } } }],
  });
}

/** Starts the order as a client does that got no answer to its first request. */
export async function startOrderAgain(service: JobService): Promise<void> {
  try {
    await startOrder(service);
  } catch (error) {
    if (!(error instanceof EntityExistsError)) throw error;
  }
}

/** A job of three steps with effects outside, a wait inside and a line for each move. */
export function orderKind(table: EntityTable, outside: Outside, fate: Fate): AnyJobImplementation {
  const appending = (line: string) => async (): Promise<JobChanges> => {
    const entity = await table.get(ORDER);
    if (!entity) throw new Error("The order is gone.");
    const lines = `${String(entity.properties["lines"])} ${line}`;
    return { changes: [{ kind: "replace", entity: { ...ORDER, properties: { lines } }, etag: entity.etag }] };
  };
  const create = (name: string): Promise<unknown> => atPoint(fate, async () => outside.created.add(name));
  return countingKind({
    async first() {
      await create("group");
      return { kind: "next", step: "second", checkpoint: { count: 1 }, changes: appending("group") };
    },
    async second({ checkpoint }: CountingLook) {
      if (checkpoint.count === 1) {
        await create("cluster");
        return { kind: "again", delayMs: 5_000, checkpoint: { count: 2 }, changes: appending("cluster") };
      }
      outside.polls++;
      if (checkpoint.count < 4) return { kind: "again", delayMs: 5_000, checkpoint: { count: checkpoint.count + 1 } };
      return { kind: "next", step: "third", checkpoint: { count: 5 }, changes: appending("ready") };
    },
    async third({ checkpoint }: CountingLook) {
      return { kind: "finish", state: "SUCCEEDED", checkpoint, changes: appending("done") };
    },
  });
}
