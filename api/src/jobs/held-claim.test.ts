import { expect, test } from "vitest";
import { holdClaim } from "./held-claim.ts";
import { countingJob, createJobWorld, REF, startRequest } from "./job-world.fixture.ts";

/** A claim whose acknowledgement came that long after it was asked for. */
async function openClaim(ageMs: number) {
  const world = createJobWorld();
  const { service, store } = world.boot([], { exclusive: false });
  await service.start(startRequest());
  const found = await store.read(REF);
  if (!found) throw new Error(`There is no ${countingJob.name} job.`);
  const claimedAtMs = world.clock.monotonicMs();
  const lease = { owner: "me:1", untilMs: world.clock.now() + 15_000 };
  const claimed = await store.write(found, (record) => ({ ...record, lease, fence: 1 }));
  await world.clock.advance(ageMs);
  return { world, claim: holdClaim({ store, clock: world.clock, claimed, claimedAtMs }) };
}

test("a claim that was acknowledged after its lease is lost before its look asks for anything", async () => {
  const { claim } = await openClaim(14_000);
  expect(claim.lost.aborted).toBe(true);
});

test.each([0, 5_000, 10_000, 12_500])(
  "a claim that was acknowledged after %d ms is renewed before its lease runs out",
  async (ageMs) => {
    const { world, claim } = await openClaim(ageMs);
    await world.clock.advance(Math.max(0, 5_000 - ageMs) + 100);
    expect((await world.record(REF)).lease?.untilMs).toBeGreaterThan(world.clock.now() + 14_000);
    expect(claim.lost.aborted).toBe(false);
    claim.end();
  },
);
