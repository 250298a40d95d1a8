import { describe, expect, test } from "vitest";
import { createAzureTime, type AzureTime } from "../../shared/azure-time.ts";
import { applyFindings, type ProvisionFindings } from "./provision-change.ts";
import { keepTimes, stepDurations } from "./provision-times.ts";
import { CREATED_AT_MS, newProvision, nodePool } from "./provision.fixture.ts";
import type { Provision } from "./provision.ts";

/** One look at a time, `seconds` after the start. */
function createStory(azureTime: AzureTime) {
  let provision = newProvision();
  return {
    provision: (): Provision => provision,
    look(seconds: number, findings: ProvisionFindings = {}): Provision {
      const { provision: after } = applyFindings(provision, findings, CREATED_AT_MS + seconds * 1000);
      provision = keepTimes(provision, after, azureTime);
      return provision;
    },
  };
}

const at = (seconds: number): string => new Date(CREATED_AT_MS + seconds * 1000).toISOString();

describe("Azure's time", () => {
  test("is ours at Azure, and ours times the speed at an emulator that tells no time", () => {
    for (const speed of [1, 10]) {
      const story = createStory(createAzureTime(speed));
      story.look(1, { status: "RUNNING" });
      expect(story.look(30).times).toMatchObject({ elapsedMs: 30_000 * speed, scale: speed });
    }
  });

  test("follows the emulator's clock when it is sped up, advanced by hand or stands still", () => {
    const azureTime = createAzureTime(10);
    const story = createStory(azureTime);
    const tell = (seconds: number, azureSeconds: number): void =>
      azureTime.setClock(azureSeconds * 1000, CREATED_AT_MS + seconds * 1000);
    tell(0, 7_000);
    story.look(1, { status: "RUNNING" });
    tell(11, 7_110);
    expect(story.look(11).times?.elapsedMs).toBe(110_000);
    azureTime.setScale(0);
    tell(20, 7_110);
    expect(story.look(60).times).toMatchObject({ elapsedMs: 110_000, scale: 0 });
    tell(61, 10_710);
    expect(story.look(62).times?.elapsedMs).toBe(3_710_000);
  });

  test("a clock that becomes known late makes no leap", () => {
    const azureTime = createAzureTime(10);
    const story = createStory(azureTime);
    story.look(1, { status: "RUNNING" });
    azureTime.setClock(9_999_000, CREATED_AT_MS + 5_000);
    expect(story.look(5).times?.elapsedMs).toBe(50_000);
    expect(story.look(6).times?.elapsedMs).toBe(60_000);
  });

  test("stands once the provision has ended, whatever is amended", () => {
    const story = createStory(createAzureTime(1));
    const ended = story.look(300, { status: "FAILED" });
    expect(story.look(900, { status: "SUCCEEDED", phase: "COMPLETED" }).times).toEqual(ended.times);
  });
});

test("each step is kept with the time at which it began, the first from the request on", () => {
  const story = createStory(createAzureTime(2));
  story.look(1, { status: "RUNNING" });
  story.look(2, { phase: "ENSURING_RESOURCE_GROUP" });
  story.look(8, { phase: "ARM_CREATE_OR_UPDATE" });
  story.look(200, {});
  expect(stepDurations(story.provision())).toEqual({
    CREATING_CLUSTER: 4_000,
    ENSURING_RESOURCE_GROUP: 12_000,
    ARM_CREATE_OR_UPDATE: 384_000,
  });
  story.look(300, { phase: "ENSURING_RBAC" });
  const ended = story.look(310, { phase: "COMPLETED", status: "SUCCEEDED" });
  expect(ended.times?.steps.map(({ phase, startedAt }) => [phase, startedAt])).toEqual([
    ["CREATING_CLUSTER", at(0)],
    ["ENSURING_RESOURCE_GROUP", at(2)],
    ["ARM_CREATE_OR_UPDATE", at(8)],
    ["ENSURING_RBAC", at(300)],
    ["COMPLETED", at(310)],
  ]);
  expect(stepDurations(ended)).toMatchObject({ ARM_CREATE_OR_UPDATE: 584_000, ENSURING_RBAC: 20_000 });
});

test("each pool keeps the states it went through, in order, each once while it lasts, and at most twenty", () => {
  const story = createStory(createAzureTime(1));
  const statesOf = (): (readonly [string, string])[] | undefined =>
    story.provision().nodePools[0]?.states?.map(({ state, at: since }) => [state, since]);
  story.look(10, { nodePools: [nodePool("system", "Creating")] });
  story.look(20, { nodePools: [nodePool("system", "Creating")] });
  story.look(30, {});
  story.look(40, { nodePools: [nodePool("system", "Succeeded")] });
  expect(statesOf()).toEqual([
    ["Creating", at(10)],
    ["Succeeded", at(40)],
  ]);
  for (let looks = 0; looks < 30; looks++)
    story.look(50 + looks, { nodePools: [nodePool("system", looks % 2 === 0 ? "Updating" : "Succeeded")] });
  expect(statesOf()).toHaveLength(20);
  expect(statesOf()?.at(-1)).toEqual(["Succeeded", at(79)]);
});
