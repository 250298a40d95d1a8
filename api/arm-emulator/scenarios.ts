import type { DatabaseSync } from "node:sqlite";

/**
 * | Cluster scenario | What becomes of it |
 * |---|---|
 * | `quota-exceeded` | every create is refused: 400 ErrCode_InsufficientVCPUQuota |
 * | `sku-not-allowed` | every create is refused: 400 BadRequest, naming the first pool's size |
 * | `pool-fails` | the last user pool fails, then the cluster and its operation |
 * | `stuck` | stays Creating until somebody aborts or deletes it |
 * | `slow` | takes 25 to 30 minutes |
 * | `failed-then-succeeded` | the first create fails; AKS gets through two minutes later by itself |
 * | `canceled-outside` | somebody else aborts it after 40 % of its time, or at once when it is there already |
 * | `deleted-outside` | somebody else deletes it after 40 % of its time, or at once when it is there already |
 * | `rbac-denied` | role assignments for its kubelet are refused: 403 AuthorizationFailed |
 * | `principal-not-found-at-first` | the same: 400 PrincipalNotFound until 25 s after the create's end |
 * | `resource-group-lags` | the next new resource group is seen only after 35 s, once |
 *
 * | Image scenario (`name:tag`) | What becomes of its next builds |
 * |---|---|
 * | `slow` | takes ten to fifteen minutes |
 * | `fails` | a step exits with 1 |
 * | `push-refused` | is built, then not taken by the registry, as one whose tag is locked |
 * | `errors` | the service itself fails: status Error |
 * | `times-out` | runs until its timeout |
 * | `queued-forever` | is never given an agent; builds behind it are |
 * | `log-replaced` | half-way its log blob is replaced by a new, shorter one |
 * | `long-log` | writes 50,000 lines |
 * | `open` | ends the scenario |
 *
 * | Registry scenario | What becomes of it |
 * |---|---|
 * | `locked` | its firewall refuses every client, build agents included: 403 DENIED |
 * | `data-plane-down` | the data plane answers 503; ARM goes on |
 * | `tasks-not-allowed` | scheduleRun is refused: 400 TasksOperationsNotAllowed |
 * | `rbac-denied` | scheduleRun and cancel are refused: 403 AuthorizationFailed |
 * | `open` | ends the scenario |
 */
export const CLUSTER_SCENARIOS = [
  "quota-exceeded",
  "sku-not-allowed",
  "pool-fails",
  "stuck",
  "slow",
  "failed-then-succeeded",
  "canceled-outside",
  "deleted-outside",
  "rbac-denied",
  "principal-not-found-at-first",
  "resource-group-lags",
] as const;
export const IMAGE_SCENARIOS = [
  "slow",
  "fails",
  "push-refused",
  "errors",
  "times-out",
  "queued-forever",
  "log-replaced",
  "long-log",
  "open",
] as const;
export const REGISTRY_SCENARIOS = ["locked", "data-plane-down", "tasks-not-allowed", "rbac-denied", "open"] as const;

export type ImageScenario = (typeof IMAGE_SCENARIOS)[number];
export type ClusterScenario = (typeof CLUSTER_SCENARIOS)[number];
export type ScenarioSubject = "cluster" | "image" | "registry";
export type Scenario = { readonly subject: ScenarioSubject; readonly name: string; readonly scenario: string };

/** The scripted fates: one per subject and name, written before or after the thing itself exists. */
export type Scenarios = {
  /** Replaces the fate of this name; `open` ends it. */
  set(scenario: Scenario): void;
  /** Names are compared without regard to case. */
  find(subject: ScenarioSubject, name: string): string | undefined;
  /**
   * Takes a fate that comes true only once, of this name or, without a name, the oldest there is.
   * @returns false when there is none, or when it has come true before
   */
  takeOnce(scenario: ClusterScenario, name?: string): boolean;
  list(): Scenario[];
};

export function createScenarios(database: DatabaseSync): Scenarios {
  database.exec(`CREATE TABLE IF NOT EXISTS scenarios (
    subject TEXT NOT NULL, name_key TEXT NOT NULL, name TEXT NOT NULL, scenario TEXT NOT NULL,
    spent INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (subject, name_key));`);
  const upsert = database.prepare(
    "INSERT OR REPLACE INTO scenarios (subject, name_key, name, scenario) VALUES (?, ?, ?, ?)",
  );
  const remove = database.prepare("DELETE FROM scenarios WHERE subject = ? AND name_key = ?");
  const select = database.prepare("SELECT scenario FROM scenarios WHERE subject = ? AND name_key = ?");
  const selectAll = database.prepare("SELECT subject, name, scenario FROM scenarios ORDER BY subject, name_key");

  const spend = database.prepare(`UPDATE scenarios SET spent = 1 WHERE rowid = (SELECT rowid FROM scenarios
    WHERE subject = 'cluster' AND scenario = :scenario AND spent = 0 AND (:name = '' OR name_key = :name)
    ORDER BY rowid LIMIT 1)`);

  return {
    set({ subject, name, scenario }) {
      if (scenario === "open") remove.run(subject, name.toLowerCase());
      else upsert.run(subject, name.toLowerCase(), name, scenario);
    },
    find(subject, name) {
      const row = select.get(subject, name.toLowerCase());
      return row && String(row["scenario"]);
    },
    takeOnce: (scenario, name = "") => Number(spend.run({ scenario, name: name.toLowerCase() }).changes) > 0,
    list: () =>
      selectAll.all().map((row) => ({
        subject: String(row["subject"]) as ScenarioSubject,
        name: String(row["name"]),
        scenario: String(row["scenario"]),
      })),
  };
}
