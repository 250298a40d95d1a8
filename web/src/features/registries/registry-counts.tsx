import type { RegistryHead } from "./registry-documents.ts";

/** What a registry has in numbers: the server's own, so that they are the same on every page. */
export function RegistryCounts({ head }: { head: RegistryHead }) {
  const { repositoryCount, listingComplete, builtCount, buildingCount, failedCount } = head;
  const repositories = repositoryCount === 1 ? "1 repository" : `${repositoryCount} repositories`;
  return (
    <span className="flex flex-wrap gap-x-2.5 text-[12.5px] tabular-nums">
      <span className="text-text-2">{listingComplete ? repositories : `${repositories} so far`}</span>
      <span className="text-text-2">{builtCount} built</span>
      {buildingCount > 0 && <span className="font-semibold text-accent">{buildingCount} building</span>}
      {failedCount > 0 && <span className="font-semibold text-danger">{failedCount} failed</span>}
    </span>
  );
}
