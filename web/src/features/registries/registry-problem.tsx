import { Notice } from "../../ui/notice.tsx";
import { Remedies } from "../../ui/remedies.tsx";
import { TimeAgo } from "../../ui/time-text.tsx";
import type { RegistryHead } from "./registry-documents.ts";

/** Why the registry can't be asked, what to do, and how old the rows are. It goes by itself when Azure answers again. */
export function RegistryProblem({ head }: { head: RegistryHead }) {
  const { problem } = head;
  if (head.reachable || !problem) return null;
  return (
    <Notice tone="warning" title="Slipway can't read all of this registry now">
      <p>{problem.message}</p>
      <p className="mt-1">
        {problem.lastKnownAt ? (
          <>
            {problem.subject === "IMAGES" ? "Its images" : "Its builds"} are what was last known, from{" "}
            <TimeAgo iso={problem.lastKnownAt} />. The page catches up by itself.
          </>
        ) : (
          "The page fills by itself as soon as Azure answers."
        )}{" "}
        <span className="text-text-3">Azure&apos;s code: {problem.code}</span>
      </p>
      {problem.remedies.length > 0 && (
        <div className="mt-2 grid gap-2">
          <Remedies remedies={problem.remedies} />
        </div>
      )}
    </Notice>
  );
}
