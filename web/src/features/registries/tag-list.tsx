import { CopyButton } from "../../ui/copy-button.tsx";
import { TimeAgo } from "../../ui/time-text.tsx";
import { formatBytes, shortDigest } from "./builds/build-words.ts";
import type { Repository } from "./registry-documents.ts";

/** The newest tags of a repository. */
export function TagList({ repository }: { repository: Repository }) {
  const more = repository.tagCount - repository.tags.length;
  return (
    <div>
      <ul aria-label={`Newest tags of ${repository.name}`} className="grid gap-x-6 gap-y-1">
        {repository.tags.map((tag) => (
          <li
            key={tag.name}
            className="grid grid-cols-[minmax(80px,180px)_minmax(0,210px)_80px_1fr] items-center gap-x-4 gap-y-0.5 max-sm:grid-cols-2"
          >
            <span className="font-semibold [overflow-wrap:anywhere]">{tag.name}</span>
            <span className="flex items-center gap-1 font-mono text-[12px] text-text-2" title={tag.digest}>
              {shortDigest(tag.digest)}
              <CopyButton iconOnly text={tag.digest} label={`Copy digest of ${repository.name}:${tag.name}`} />
            </span>
            <span className="text-text-2 tabular-nums">{tag.sizeBytes === null ? "" : formatBytes(tag.sizeBytes)}</span>
            <span className="text-text-3">
              <TimeAgo iso={tag.createdAt} />
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="mt-1.5 text-[12.5px] text-text-3">and {more} older</p>}
    </div>
  );
}
