import { expect, test } from "vitest";
import { createManualClock } from "../shared/clock.ts";
import type { AzureCatalogue, Subscription } from "./azure-catalogue.ts";
import { createCatalogueCache } from "./catalogue-cache.ts";

const FRESH_MS = 10 * 60_000;

/** A catalogue whose answers the test gives, one by one. */
function createWorld() {
  const asked: PromiseWithResolvers<readonly Subscription[]>[] = [];
  const notAsked = async (): Promise<never> => Promise.reject(new Error("This is not asked for here."));
  const catalogue: AzureCatalogue = {
    listSubscriptions() {
      const answer = Promise.withResolvers<readonly Subscription[]>();
      asked.push(answer);
      return answer.promise;
    },
    listLocations: notAsked,
    listVmSizes: notAsked,
    listKubernetesVersions: notAsked,
  };
  const clock = createManualClock();
  return { asked, clock, cache: createCatalogueCache({ catalogue, clock }) };
}

const named = (displayName: string): readonly Subscription[] => [{ subscriptionId: "s", displayName }];

test("everybody who asks at once shares one request, and the next ones need none", async () => {
  const { asked, cache } = createWorld();
  const answers = [cache.listSubscriptions(), cache.listSubscriptions()];
  asked[0]?.resolve(named("first"));
  expect(await Promise.all(answers)).toEqual([named("first"), named("first")]);
  expect(await cache.listSubscriptions()).toEqual(named("first"));
  expect(asked).toHaveLength(1);
});

test("what is stale is answered at once while a new answer is fetched", async () => {
  const { asked, cache, clock } = createWorld();
  const first = cache.listSubscriptions();
  asked[0]?.resolve(named("old"));
  await first;
  await clock.advance(FRESH_MS);
  expect(await cache.listSubscriptions()).toEqual(named("old"));
  asked[1]?.resolve(named("new"));
  await clock.advance(0);
  expect(await cache.listSubscriptions()).toEqual(named("new"));
  expect(asked).toHaveLength(2);
});

test("a failure is told to those who wait, leaves what was there and is tried again", async () => {
  const { asked, cache, clock } = createWorld();
  const failing = cache.listSubscriptions();
  asked[0]?.reject(new Error("Azure is away."));
  await expect(failing).rejects.toThrow("Azure is away.");
  const second = cache.listSubscriptions();
  asked[1]?.resolve(named("there"));
  expect(await second).toEqual(named("there"));
  await clock.advance(FRESH_MS);
  await cache.listSubscriptions();
  asked[2]?.reject(new Error("Azure is away again."));
  await clock.advance(0);
  expect(await cache.listSubscriptions()).toEqual(named("there"));
  expect(asked).toHaveLength(4);
});
