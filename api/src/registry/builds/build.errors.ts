import { AppError } from "../../shared/app-error.ts";
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

/** Azure refused to start the build, for good. */
export class BuildRefusedError extends AppError {
  constructor(code: string, message: string) {
    super("BUILD_REFUSED", `Azure refused the build (${code}): ${message}`);
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
