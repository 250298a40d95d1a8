"use client";

import { RotateCw } from "lucide-react";
import { isConnectionCut } from "../../../graphql/connection-monitor.ts";
import { useConnection } from "../../../graphql/live-provider.tsx";
import { routes } from "../../../lib/routes.ts";
import { ActionButton, ActionLink } from "../../../ui/action-button.tsx";
import { LinkButton } from "../../../ui/button.tsx";
import { InternalLink } from "../../../ui/internal-link.tsx";
import { BuildChip } from "./build-chip.tsx";
import type { BuildDetail, BuildRegistry } from "./build-documents.ts";
import { hasEnded, imageName } from "./build-words.ts";
import type { CancelBuild } from "./use-cancel-build.ts";

interface BuildHeaderProps {
  build: BuildDetail;
  registry: BuildRegistry | undefined;
  cancel: CancelBuild;
}

/** Which build this is, how it stands, and what can be done. To stop watching is to leave; to cancel is another thing. */
export function BuildHeader({ build, registry, cancel }: BuildHeaderProps) {
  const { status } = useConnection();
  const isCut = isConnectionCut(status);
  const isCanceling = cancel.isCanceling(build);
  const isOff = isCut || !build.runId || isCanceling;
  const hint = isCut
    ? "Off while there is no connection to Slipway"
    : build.runId
      ? undefined
      : "Azure has not named the run yet";
  return (
    <div>
      <nav aria-label="Breadcrumb" className="text-[12.5px] text-text-3">
        <InternalLink
          href={routes.registries()}
          className="inline-flex min-h-6 items-center rounded-control hover:text-accent hover:underline"
        >
          Registries
        </InternalLink>{" "}
        /{" "}
        <InternalLink
          href={routes.registry(build.registryId)}
          className="inline-flex min-h-6 items-center rounded-control hover:text-accent hover:underline"
        >
          {registry?.name ?? "Registry"}
        </InternalLink>{" "}
        / Build
      </nav>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 [overflow-wrap:anywhere]">{imageName(build)}</h1>
        <BuildChip build={build} isCanceling={isCanceling} />
        <div className="flex flex-wrap items-center gap-2 sm:ml-auto">
          {hasEnded(build.status) ? (
            <ActionLink href={routes.newBuildFrom(build.registryId, build.id)} look="primary">
              <RotateCw size={15} aria-hidden="true" /> Build again
            </ActionLink>
          ) : (
            <>
              <LinkButton href={routes.registry(build.registryId)} title="The build goes on without you">
                Stop watching
              </LinkButton>
              {/* Not disabled, which would lose the focus that comes back from the question. */}
              <ActionButton title={hint} aria-disabled={isOff} onClick={() => isOff || cancel.ask(build)}>
                {isCanceling ? "Canceling…" : "Cancel build…"}
              </ActionButton>
            </>
          )}
        </div>
      </div>
    </div>
  );
}
