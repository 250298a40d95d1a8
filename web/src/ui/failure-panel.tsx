import type { ReactNode } from "react";
import { failureHeadline, faultWords } from "../lib/failure-words.ts";
import { classNames } from "./class-names.ts";
import { CopyButton } from "./copy-button.tsx";
import { Facts } from "./facts.tsx";
import { Remedies, type ShownRemedy } from "./remedies.tsx";

export interface ShownFailure {
  readonly code: string;
  readonly category: string;
  readonly summary: string;
  readonly fault: string;
  readonly message: string;
  readonly correlationId: string | null;
  readonly operationId: string | null;
  readonly remedies: readonly ShownRemedy[];
}

interface FailurePanelProps {
  failure: ShownFailure;
  /** Headline for a category that nobody knows. */
  otherwise?: string;
  /** Somebody wanted it so: not told as an error. @default false */
  isCanceled?: boolean;
  /** The form that changes the input, at a field; without it there is nothing to change. */
  editHref?: ((field: string | null) => string) | undefined;
  /** Everything a support case asks for; put together when it is copied. */
  supportText: () => string;
  /** Between the cause and what can be done, such as what is left at Azure. */
  children?: ReactNode;
}

/** Why something failed: our words, whose it is, what can be done about it (but trying again, which is the page's); Azure's own words and ids in a fold. */
export function FailurePanel({
  failure,
  otherwise,
  isCanceled = false,
  editHref,
  supportText,
  children,
}: FailurePanelProps) {
  const whose = faultWords(failure.fault);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div>
        <h2 className={classNames("text-base font-semibold", !isCanceled && "text-danger")}>
          {failureHeadline(failure.category, otherwise)}
        </h2>
        <p className="mt-1 max-w-[90ch] [overflow-wrap:anywhere]">{failure.summary}</p>
        {whose && <p className="mt-1 text-[13px] text-text-2">{whose}.</p>}
      </div>
      {children}
      <Remedies remedies={failure.remedies} editHref={editHref}>
        <CopyButton text={supportText} label="Copy for support" />
      </Remedies>
      <AzuresWords failure={failure} />
    </div>
  );
}

function AzuresWords({ failure }: { failure: ShownFailure }) {
  return (
    <details open={failure.category === "UNKNOWN"}>
      <summary className="min-h-6 cursor-pointer rounded-control text-[13px] font-semibold text-text-2 hover:text-text">
        Azure's own words and ids
      </summary>
      <div className="mt-2 grid gap-3">
        {failure.message !== "" && failure.message !== failure.summary && (
          <p className="max-h-64 max-w-[90ch] overflow-y-auto text-[13px] [overflow-wrap:anywhere] whitespace-pre-line text-text-2">
            {failure.message}
          </p>
        )}
        <Facts
          facts={[
            { name: "Code", value: <code className="font-mono text-xs">{failure.code}</code> },
            {
              name: "Correlation id",
              value: failure.correlationId && <IdWithCopy id={failure.correlationId} what="correlation id" />,
            },
            {
              name: "Operation id",
              value: failure.operationId && <IdWithCopy id={failure.operationId} what="operation id" />,
            },
          ]}
        />
      </div>
    </details>
  );
}

function IdWithCopy({ id, what }: { id: string; what: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <code className="font-mono text-xs [overflow-wrap:anywhere]">{id}</code>
      <CopyButton text={id} label={`Copy the ${what}`} iconOnly />
    </span>
  );
}
