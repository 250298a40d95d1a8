"use client";

import { CircleStop, Plus, RotateCw } from "lucide-react";
import { useLayoutEffect, useRef } from "react";
import { routes } from "../../lib/routes.ts";
import { InternalLink } from "../../ui/internal-link.tsx";
import type { Build } from "./builds/build-documents.ts";
import type { CancelBuild } from "./builds/use-cancel-build.ts";
import type { Repository } from "./registry-documents.ts";
import { currentBuild } from "./repository-words.ts";

const ACTION_CLASS =
  "inline-flex min-h-8 items-center gap-1.5 rounded-control px-2 text-[12.5px] font-semibold whitespace-nowrap text-text-2 hover:bg-neutral-soft hover:text-accent aria-disabled:cursor-not-allowed aria-disabled:opacity-50 aria-disabled:hover:bg-transparent";

interface RepositoryActionsProps {
  registryId: string;
  repository: Repository;
  cancel: CancelBuild;
  isCut: boolean;
}

/** What can be done with a repository that is there: cancel its build, build it (again). */
export function RepositoryActions({ repository, registryId, cancel, isCut }: RepositoryActionsProps) {
  const build = currentBuild(repository);
  const [active] = repository.activeBuilds;
  return (
    <span className="-ml-2 flex flex-wrap gap-0.5">
      {active && <CancelButton repositoryName={repository.name} build={active} cancel={cancel} isCut={isCut} />}
      {repository.placeholder ? null : build ? (
        <InternalLink
          href={routes.newBuildFrom(registryId, build.id)}
          aria-label={`Build again ${repository.name}`}
          className={ACTION_CLASS}
        >
          <RotateCw size={14} aria-hidden="true" /> Build again
        </InternalLink>
      ) : (
        <InternalLink
          href={routes.newBuildOf(registryId, repository.name)}
          aria-label={`Build ${repository.name}`}
          className={ACTION_CLASS}
        >
          <Plus size={15} aria-hidden="true" /> Build
        </InternalLink>
      )}
    </span>
  );
}

interface CancelButtonProps {
  repositoryName: string;
  build: Build;
  cancel: CancelBuild;
  isCut: boolean;
}

/** Goes away when no build is left; the focus then moves to what stands beside it, not to the top of the page. */
function CancelButton({ repositoryName, build, cancel, isCut }: CancelButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const shown = button.current;
    return () => {
      if (shown === null || document.activeElement !== shown) return;
      const next = shown.parentElement?.querySelector("a") ?? shown.closest("tbody")?.querySelector("a");
      next?.focus();
    };
  }, []);
  const isOff = isCut || !build.runId || cancel.isCanceling(build);
  const cutHint = isCut ? "Off while there is no connection to Slipway" : undefined;
  const hint = cutHint ?? (build.runId ? undefined : "Azure has not named the run yet");
  return (
    <button
      ref={button}
      type="button"
      className={`${ACTION_CLASS} hover:text-danger`}
      title={hint}
      aria-label={`Cancel build of ${repositoryName}`}
      // Not disabled, which would lose the focus that comes back from the question.
      aria-disabled={isOff}
      onClick={() => isOff || cancel.ask(build)}
    >
      <CircleStop size={14} aria-hidden="true" /> Cancel
    </button>
  );
}
