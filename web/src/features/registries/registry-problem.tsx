import { ExternalLink } from "../../ui/external-link.tsx";
import { LongText } from "../../ui/long-text.tsx";
import { Notice } from "../../ui/notice.tsx";
import { TimeAgo } from "../../ui/time-text.tsx";
import type { RegistryHead } from "./registry-documents.ts";
import { problemAdvice } from "./repository-words.ts";

/** Why the registry can't be asked, what to do, and how old the rows are. It goes by itself when Azure answers again. */
export function RegistryProblem({ head, portalUrl }: { head: RegistryHead; portalUrl: string }) {
  const { problem } = head;
  if (head.reachable || !problem) return null;
  const advice = problemAdvice(problem.code);
  return (
    <Notice
      tone="warning"
      title="Azure doesn't let Slipway read all of this registry"
      action={<ExternalLink href={portalUrl}>Open in Azure portal</ExternalLink>}
    >
      <LongText text={problem.message} />
      <p className="mt-1">
        {advice && `${advice} `}
        {head.observedAt ? (
          <>
            The rows are what was last known, from <TimeAgo iso={head.observedAt} />; nothing is lost, and the page
            catches up by itself.
          </>
        ) : (
          "The page fills by itself as soon as Azure answers."
        )}
      </p>
      <p className="mt-1 text-[12.5px] text-text-3">Azure&apos;s code: {problem.code}</p>
    </Notice>
  );
}
