import { routes } from "../../lib/routes.ts";
import { InternalLink } from "../../ui/internal-link.tsx";
import type { RegistryHead } from "./registry-documents.ts";
import type { StateFilter } from "./repository-words.ts";

/** What a registry has in numbers, each a link to what it counts: the server's own, so that they are the same on every page. */
export function RegistryCounts({ head }: { head: RegistryHead }) {
  const { repositoryCount, listingComplete, builtCount, buildingCount, failedCount } = head;
  const repositories = repositoryCount === 1 ? "1 repository" : `${repositoryCount} repositories`;
  const counted = (state: StateFilter | undefined, text: string, className: string) => (
    <InternalLink
      href={routes.registry(head.id, state)}
      className={`inline-flex min-h-6 items-center rounded-control hover:underline ${className}`}
    >
      {text}
    </InternalLink>
  );
  return (
    <span className="flex flex-wrap gap-x-3 text-[12.5px] tabular-nums">
      {counted(undefined, listingComplete ? repositories : `${repositories} so far`, "text-text-2")}
      {counted("available", `${builtCount} built`, "text-text-2")}
      {buildingCount > 0 && counted("building", `${buildingCount} building`, "font-semibold text-accent")}
      {failedCount > 0 && counted("failed", `${failedCount} failed`, "font-semibold text-danger")}
    </span>
  );
}
