/** ACR's own words for where a run stands (https://learn.microsoft.com/rest/api/containerregistry), and UNKNOWN for others. */
const ACR_BUILD_STATUSES = [
  "QUEUED",
  "STARTED",
  "RUNNING",
  "SUCCEEDED",
  "FAILED",
  "CANCELED",
  "ERROR",
  "TIMEOUT",
  "UNKNOWN",
] as const;
export type AcrBuildStatus = (typeof ACR_BUILD_STATUSES)[number];

export function toBuildStatus(runStatus: string | undefined): AcrBuildStatus {
  const status = (runStatus ?? "").toUpperCase();
  return ACR_BUILD_STATUSES.find((known) => known === status) ?? "UNKNOWN";
}

export function isTerminalBuild(status: AcrBuildStatus): boolean {
  return ["SUCCEEDED", "FAILED", "CANCELED", "ERROR", "TIMEOUT"].includes(status);
}

/** One ACR run as Azure shows it. `outputImages` is empty until the push, and stays empty when there is none. */
export interface AcrRun {
  readonly runId: string;
  readonly status: AcrBuildStatus;
  readonly createdAt: string | undefined;
  readonly startedAt: string | undefined;
  readonly finishedAt: string | undefined;
  /** `runErrorMessage`, ACR's own reason. */
  readonly error: string | undefined;
  readonly outputImages: readonly {
    readonly repository: string;
    readonly tag: string | undefined;
    readonly digest: string | undefined;
  }[];
  /** Name of the ACR task that started it, if one did. */
  readonly taskName: string | undefined;
}

/** What a build is made from. */
export interface AcrRunRequest {
  readonly image: string;
  readonly tag: string;
  /** Git address with ref and context path in ACR's form, `https://host/repo.git#ref:path`. */
  readonly sourceLocation: string;
  readonly dockerfile: string;
  readonly os: string;
  readonly architecture: string;
  readonly buildArgs: readonly { readonly name: string; readonly value: string; readonly isSecret: boolean }[];
  readonly timeoutSeconds: number;
  /** What the build's step is to be called, which the first lines of the run's log repeat. */
  readonly stepId?: string;
}
