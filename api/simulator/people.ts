import type { Viewer } from "../src/auth/viewer.ts";
import type { ProvisionRequest } from "../src/clusters/provisioning/provision-input.ts";
import { ProvisionInProgressError } from "../src/clusters/provisioning/provision.errors.ts";
import { isTerminalProvision, needsAttention, type Provision } from "../src/clusters/provisioning/provision.ts";
import { AppError } from "../src/shared/app-error.ts";
import { LOCATION, SUBSCRIPTION_ID, VM_SIZE } from "./catalogue.ts";
import { POISON } from "./decide-call.ts";
import type { Fleet } from "./fleet.ts";
import type { ProvisionRules } from "./rules/provision-rules.ts";
import type { Worker } from "./worker.ts";
import { areFaultsOver, type World } from "./world.ts";

/** Somebody who gets no answer for so long asks another process. */
const PATIENCE_MS = 20_000;
const MOST_TRIES = 200;
/** What a person may be told; anything else is a defect that was let out. */
const REFUSALS = new Set([
  "PROVISION_IN_PROGRESS",
  "CLUSTER_EXISTS",
  "CANNOT_CANCEL",
  "CANNOT_RETRY",
  "CANNOT_DISMISS",
]);

/** What people were promised, by the answers they got. */
export interface Promises {
  /** Ids of provisions that a start was answered with, by idempotency key. */
  readonly accepted: ReadonlyMap<string, string>;
  readonly canceled: ReadonlySet<string>;
  areAllDone(): boolean;
}

/** People who start provisions, press twice, want the same, cancel, try again and tidy up, each through any process. */
export function sendPeople(world: World, fleet: Fleet, provisions: ProvisionRules): Promises {
  const { dice, time, profile, trace } = world;
  const accepted = new Map<string, string>();
  const canceled = new Set<string>();
  let busy = 0;

  type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string };

  async function ask<T>(what: string, work: (worker: Worker) => Promise<T>): Promise<Answer<T>> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const workers = fleet.running();
      if (workers.length === 0) {
        await time.sleep(1_000);
        continue;
      }
      const worker = dice.pick(workers);
      trace(() => `a person asks ${worker.process.name} to ${what}`);
      const answer = await Promise.race([
        work(worker).then(
          (value) => ({ ok: true, value }) as const,
          (error: unknown) => ({ ok: false, error }) as const,
        ),
        time.sleep(PATIENCE_MS).then(() => "silence" as const),
      ]);
      if (answer === "silence") continue;
      if (answer.ok) return answer;
      const code = answer.error instanceof AppError ? answer.error.code : "UNEXPECTED";
      trace(() => `a person is told ${code}`);
      if (REFUSALS.has(code)) return { ok: false, code };
      if (code !== "STORE_UNAVAILABLE") world.violate("people are told what to do", `${what}: ${String(answer.error)}`);
      await time.sleep(dice.between(500, 3_000));
    }
    world.violate("people are answered", `${what}: no answer in ${MOST_TRIES} tries`);
    return { ok: false, code: "UNANSWERED" };
  }

  async function start(name: string, key: string): Promise<Provision | undefined> {
    const answer = await ask(`start ${name} (${key})`, (worker) =>
      worker.provisions.start(PERSON, requestOf(name, key)).catch((error: unknown) => {
        if (error instanceof ProvisionInProgressError && error.provision.tags[KEY_TAG] === key)
          world.violate("a repeated start is the same start", `'${key}' is refused because of itself`);
        throw error;
      }),
    );
    if (!answer.ok) return undefined;
    const { id } = answer.value;
    const before = accepted.get(key);
    if (before !== undefined && before !== id)
      world.violate("one key is one provision", `'${key}' was answered with ${before} and with ${id}`);
    accepted.set(key, id);
    return answer.value;
  }

  async function untilEnded(id: string): Promise<Provision | undefined> {
    for (;;) {
      const provision = provisions.read(id);
      if (!provision || isTerminalProvision(provision.status)) return provision;
      await time.sleep(2_000);
    }
  }

  async function takeCareOf(name: string, key: string, fromMs: number): Promise<void> {
    await time.sleep(fromMs);
    const doubled = dice.chance(profile.people.doubleShare) ? start(name, key) : undefined;
    const provision = await start(name, key);
    await doubled;
    if (!provision) return;
    if (dice.chance(profile.people.cancelShare)) {
      await time.sleep(dice.between(0, 60_000));
      const answer = await ask(`cancel ${name}`, (worker) => worker.provisions.cancel(PERSON, provision.id));
      if (answer.ok) canceled.add(provision.id);
    }
    const ended = await untilEnded(provision.id);
    if (!ended || ended.status === "SUCCEEDED") return;
    if (dice.chance(profile.people.dismissShare)) {
      await time.sleep(dice.between(0, 5_000));
      await ask(`dismiss ${name}`, (worker) => worker.provisions.dismiss(PERSON, provision.id));
    }
    if (dice.chance(0.3)) {
      const answer = await ask(`retry ${name}`, (worker) => worker.provisions.retry(PERSON, provision.id));
      if (answer.ok) {
        accepted.set(`retry of ${provision.id}`, answer.value.id);
        await untilEnded(answer.value.id);
      }
    }
  }

  /** What is left at Azure is watched until somebody has taken care of it. */
  async function tidyUp(): Promise<void> {
    while (!areFaultsOver(world) || busy > 1) await time.sleep(2_000);
    // Also what somebody has begun without being told.
    for (const { id, cluster } of provisions.all()) {
      const provision = await untilEnded(id);
      if (provision && needsAttention(provision))
        await ask(`dismiss ${cluster.name}`, (worker) => worker.provisions.dismiss(PERSON, id));
    }
  }

  function send(work: Promise<void>): void {
    busy++;
    void work.then(() => busy--);
  }

  const someTimeMs = (): number => dice.between(0, profile.endsAtMs * 0.6);
  for (let n = 1; n <= profile.clusters; n++) {
    const fromMs = someTimeMs();
    send(takeCareOf(`cluster-${n}`, `key-${n}`, fromMs));
    if (dice.chance(profile.people.rivalShare))
      send(takeCareOf(`cluster-${n}`, `rival-${n}`, dice.chance(0.5) ? fromMs : someTimeMs()));
  }
  if (profile.hasPoison) send(takeCareOf(POISON, "key-poison", someTimeMs()));
  send(tidyUp());
  return { accepted, canceled, areAllDone: () => busy === 0 };
}

/** Says in the provision itself who has asked for it. */
const KEY_TAG = "key";
const PERSON: Viewer = { id: "ada", name: "Ada", roles: ["Slipway.Admin"] };

function requestOf(name: string, idempotencyKey: string): ProvisionRequest {
  const needsRegistry = name.endsWith("2");
  const resourceGroup = name === POISON ? "group-of-poison" : "group";
  return {
    subscriptionId: SUBSCRIPTION_ID,
    resourceGroup,
    location: LOCATION,
    clusterName: name,
    nodePools: [{ name: "system", mode: "SYSTEM", vmSize: VM_SIZE, count: 1 }],
    ...(needsRegistry && {
      registryArmId: `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/images/providers/Microsoft.ContainerRegistry/registries/simulated`,
    }),
    tags: [{ name: KEY_TAG, value: idempotencyKey }],
    idempotencyKey,
  };
}
