"use client";

import { ChevronRight } from "lucide-react";
import { memo } from "react";
import { routes } from "../../lib/routes.ts";
import { Chip } from "../../ui/chip.tsx";
import { classNames } from "../../ui/class-names.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import { TimeAgo } from "../../ui/time-text.tsx";
import { BuildChip } from "./builds/build-chip.tsx";
import { formatBytes, imageName, shortDigest, starterText } from "./builds/build-words.ts";
import type { CancelBuild } from "./builds/use-cancel-build.ts";
import { LastBuild } from "./last-build.tsx";
import type { Repository } from "./registry-documents.ts";
import { RepositoryActions } from "./repository-actions.tsx";
import { currentBuild, isGhost, repositoryLook } from "./repository-words.ts";
import { TagList } from "./tag-list.tsx";

interface RepositoryRowProps {
  /** Place among all rows, those out of view included. */
  index: number;
  registryId: string;
  repository: Repository;
  /** It came while the page was open. */
  isLate: boolean;
  isExpanded: boolean;
  onToggle(id: string): void;
  cancel: CancelBuild;
  isCut: boolean;
  /** As of when the images are shown, while the registry tells nothing new. */
  lastKnownAt: string | null;
}

/** One repository: how it stands, what was pushed last, and what can be done. */
export const RepositoryRow = memo(function RepositoryRow(props: RepositoryRowProps) {
  const { index, repository, isExpanded, isLate } = props;
  const isDeleted = repository.state === "DELETED";
  return (
    <tbody
      role="rowgroup"
      data-row={index}
      className={classNames(isLate && "slide-in", isGhost(repository) && "ghost-row", isDeleted && "deleted-row")}
    >
      <tr role="row" aria-rowindex={index + 2}>
        <td role="cell" data-label="Image" className="row-title">
          <Name {...props} />
        </td>
        <td role="cell" data-label="State">
          <State {...props} />
        </td>
        <td role="cell" data-label="Newest tag">
          <NewestTag {...props} />
        </td>
        <td role="cell" data-label="Last build">
          {repository.lastBuild && <LastBuild build={repository.lastBuild} />}
        </td>
        <td role="cell" data-label="Actions">
          {!isDeleted && (
            <RepositoryActions
              registryId={props.registryId}
              repository={repository}
              cancel={props.cancel}
              isCut={props.isCut}
            />
          )}
        </td>
      </tr>
      {isExpanded && repository.tags.length > 0 && (
        <tr role="row">
          <td role="cell" colSpan={5} className="tags-cell">
            <TagList repository={repository} />
          </td>
        </tr>
      )}
    </tbody>
  );
});

/** A repository leads to all its builds; a run whose image is not told yet to itself. */
function pageOf(registryId: string, repository: Repository): string {
  const build = currentBuild(repository);
  return repository.placeholder && build
    ? routes.build(build.id)
    : routes.buildHistory(registryId, { image: repository.name });
}

function Name({ repository, registryId, isExpanded, onToggle }: RepositoryRowProps) {
  return (
    <>
      <InternalLink
        href={pageOf(registryId, repository)}
        className="link inline-flex min-h-6 items-center font-semibold [overflow-wrap:anywhere]"
      >
        {repository.name}
      </InternalLink>
      {repository.tags.length > 0 ? (
        <button
          type="button"
          aria-expanded={isExpanded}
          onClick={() => onToggle(repository.id)}
          className="-ml-1 flex min-h-6 items-center gap-1 rounded-control px-1 text-[12.5px] text-text-3 hover:text-accent"
        >
          <ChevronRight size={13} aria-hidden="true" className={isExpanded ? "rotate-90" : undefined} />
          {repository.tagCount === 1 ? "1 tag" : `${repository.tagCount} tags`}
          <span className="sr-only"> of {repository.name}</span>
        </button>
      ) : (
        (repository.placeholder || isGhost(repository)) && (
          <span className="block text-[12.5px] text-text-3">
            {repository.placeholder ? "image not told by Azure" : "nothing pushed yet"}
          </span>
        )
      )}
    </>
  );
}

function State({ repository, cancel }: RepositoryRowProps) {
  if (repository.activeBuilds.length === 0) {
    const look = repositoryLook(repository.state);
    return (
      <span>
        <Chip tone={look.tone} icon={look.icon} label={look.label} />
      </span>
    );
  }
  return (
    <ul className="grid justify-items-start gap-1.5">
      {repository.activeBuilds.map((build) => (
        <li key={build.id} className="grid gap-0.5">
          <InternalLink href={routes.build(build.id)} className="inline-block min-h-6 rounded-[14px] hover:underline">
            <BuildChip build={build} isCanceling={cancel.isCanceling(build)} />
            <span className="sr-only">, build of {imageName(build)}</span>
          </InternalLink>
          <span className="text-[12.5px] text-text-3 [overflow-wrap:anywhere]">
            {build.tag && <span className="text-text-2">:{build.tag}</span>} started {build.startedBy ? "by " : ""}
            {starterText(build)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function NewestTag({ repository, lastKnownAt }: RepositoryRowProps) {
  const [tag] = repository.tags;
  if (!tag) return repository.activeBuilds.length > 0 ? <span className="text-text-3">pushes when done</span> : null;
  return (
    <span className="grid gap-0.5">
      <span className="[overflow-wrap:anywhere]">
        {tag.name}{" "}
        <span className="text-text-3">
          · <TimeAgo iso={tag.createdAt} />
        </span>
      </span>
      <span className="flex flex-wrap items-center gap-x-1.5 text-[12.5px] text-text-3">
        <span className="font-mono text-[12px]" title={tag.digest}>
          {shortDigest(tag.digest)}
        </span>
        <CopyButton iconOnly text={tag.digest} label={`Copy digest of ${repository.name}:${tag.name}`} />
        {tag.sizeBytes !== null && <span className="whitespace-nowrap">{formatBytes(tag.sizeBytes)}</span>}
      </span>
      {lastKnownAt && (
        <span className="text-[12.5px] text-warning">
          as of <TimeAgo iso={later(lastKnownAt, repository.tagsObservedAt)} />
        </span>
      )}
    </span>
  );
}

/** A build that has pushed since has its own tags listed. */
function later(one: string, other: string | null): string {
  return other !== null && Date.parse(other) > Date.parse(one) ? other : one;
}
