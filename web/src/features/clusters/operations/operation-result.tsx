import { CopyButton } from "../../../ui/copy-button.tsx";
import { ExternalLink } from "../../../ui/external-link.tsx";
import { LongText } from "../../../ui/long-text.tsx";
import { Notice } from "../../../ui/notice.tsx";
import type { Operation } from "./operation-documents.ts";

type Failure = NonNullable<Operation["progress"]["failure"]>;

/** Why the last thing that was done to the cluster did not come off, with what can be done about it. */
export function OperationFailureNotice({ operation }: { operation: Operation }) {
  const { failure, label } = operation.progress;
  if (!failure) return null;
  const isCanceled = operation.status === "CANCELED";
  return (
    <Notice
      tone={isCanceled ? "warning" : "danger"}
      title={`${label} ${isCanceled ? "was canceled at Azure" : "failed"}`}
    >
      <p>{failure.summary}</p>
      {failure.message !== failure.summary && (
        <p className="mt-1 text-[13px]">
          Azure says: <LongText text={failure.message} />
        </p>
      )}
      <p className="mt-1 text-[12.5px] text-text-3">
        {failure.code}
        {failure.correlationId && ` · correlation id ${failure.correlationId}`}
        {failure.operationId && ` · operation ${failure.operationId}`}
      </p>
      <Remedies failure={failure} />
    </Notice>
  );
}

function Remedies({ failure }: { failure: Failure }) {
  const usable = failure.remedies.filter(({ url, command }) => url !== null || command !== null);
  if (usable.length === 0) return null;
  return (
    <ul className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1">
      {usable.map((remedy) => (
        <li key={remedy.label}>
          {remedy.url !== null ? (
            <ExternalLink href={remedy.url}>{remedy.label}</ExternalLink>
          ) : (
            <CopyButton text={remedy.command ?? ""} label={remedy.label} />
          )}
        </li>
      ))}
    </ul>
  );
}
