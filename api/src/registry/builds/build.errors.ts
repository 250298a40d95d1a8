import { AppError } from "../../shared/app-error.ts";
import type { AzureError } from "../../shared/azure-error.ts";
import { missingRole, type MissingRole } from "../registry-roles.ts";
import type { Registry } from "../registry.ts";
import { imageName, type AcrBuild } from "./acr-build.ts";

/** The same image:tag is being built already; watch that build. */
export class DuplicateBuildError extends AppError {
  readonly build: AcrBuild;
  constructor(build: AcrBuild) {
    super(
      "DUPLICATE_BUILD",
      `${imageName(build)} is being built already${build.runId === undefined ? "" : ` by run ${build.runId}`}. Watch that build, or cancel it first.`,
    );
    this.build = build;
  }
}

/** Azure refused to start the build, for good: nothing was scheduled and nothing is left of it. */
export class BuildRefusedError extends AppError {
  constructor(code: string, message: string) {
    const advice =
      code === "TasksOperationsNotAllowed"
        ? " ACR Tasks is not open to this subscription, such as one that runs on free credit: ask Azure support to open it, or build in a registry of another subscription."
        : "";
    super("BUILD_REFUSED", `Azure refused the build (${code}): ${message}${advice}`);
  }
}

/** Slipway's identity lacks the role that builds in this registry and cancels builds: nothing was begun or stopped. */
export class MissingRoleError extends AppError {
  readonly missing: MissingRole;
  constructor(registry: Registry, error: AzureError) {
    const missing = missingRole(registry, "build", error);
    super(
      "FORBIDDEN",
      `Slipway's identity may not build in ${registry.name} (${error.code}). Give it the role ${missing.role} on the registry: ${missing.command}`,
      { cause: error },
    );
    this.missing = missing;
  }
}

/** Azure has had too many requests: nothing was begun or stopped. Ask again later. */
export class BuildRateLimitedError extends AppError {
  /** Undefined when Azure does not say. */
  readonly retryAfterSeconds: number | undefined;
  constructor(error: AzureError) {
    const seconds = error.retryAfterMs === undefined ? undefined : Math.ceil(error.retryAfterMs / 1000);
    const when = seconds === undefined ? "in a minute" : `in ${seconds} s`;
    super("RATE_LIMITED", `Azure takes no more requests for this registry now (${error.code}). Try again ${when}.`, {
      cause: error,
    });
    this.retryAfterSeconds = seconds;
  }
}

/** There is no such build. */
export class BuildNotFoundError extends AppError {
  constructor() {
    super("NOT_FOUND", "There is no such build. It may have a wrong id, or belong to another Slipway.");
  }
}

/** The build can't be canceled any more, or not yet. */
export class CannotCancelBuildError extends AppError {
  constructor(message: string) {
    super("CANNOT_CANCEL", message);
  }
}
