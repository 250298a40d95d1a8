"use client";

import { RotateCw } from "lucide-react";
import { errorText } from "../../../graphql/error-text.ts";
import { focusField } from "../../../lib/field-focus.ts";
import { Button, buttonClass } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { classNames } from "../../../ui/class-names.ts";
import { CommandText } from "../../../ui/command-text.tsx";
import { ExternalLink } from "../../../ui/external-link.tsx";
import { CheckState } from "./check-state.tsx";
import type { CheckRow, Fit } from "./preflight-rows.ts";
import type { PreflightState } from "./use-preflight.ts";

interface PreflightCardProps {
  preflight: Pick<PreflightState, "isTooEarly" | "isChecking" | "error" | "checkAgain">;
  rows: readonly CheckRow[];
  /** The node counts that the quota has room for. */
  fit: Fit | undefined;
  onApply(fit: Fit): void;
}

/** What stands in the way of the create, check by check, as the answers come. */
export function PreflightCard({ preflight, rows, fit, onApply }: PreflightCardProps) {
  const { isTooEarly, isChecking, error, checkAgain } = preflight;
  return (
    <Card
      title="Preflight"
      aside={
        !isTooEarly && (
          <Button look="quiet" className="px-2!" disabled={isChecking} onClick={checkAgain}>
            <RotateCw size={14} aria-hidden="true" /> Check again
          </Button>
        )
      }
      flush
    >
      {isTooEarly ? (
        <p className="p-[18px] text-text-2">
          Azure is asked what stands in the way once a location is chosen and each pool has a size and a number of
          nodes.
        </p>
      ) : (
        <>
          {error && <p className="border-b border-line px-[18px] py-3 text-text-2">{errorText(error)}</p>}
          <ul aria-label="Checks" aria-busy={isChecking} className="divide-y divide-line">
            {rows.map((row) => (
              <Check key={row.name} row={row} fit={row.name === "quota" ? fit : undefined} onApply={onApply} />
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function Check({ row, fit, onApply }: { row: CheckRow; fit: Fit | undefined; onApply(fit: Fit): void }) {
  const { state, label, message } = row;
  const isSettled = state !== "CHECKING" && state !== "WAITING";
  return (
    <li className="grid gap-x-3 gap-y-0.5 px-[18px] py-2 text-[13px] max-sm:grid-cols-[auto_1fr] sm:grid-cols-[104px_148px_minmax(0,1fr)]">
      <CheckState state={state} />
      <span className="font-semibold max-sm:order-first">{label}</span>
      <div className="min-w-0 max-sm:col-span-2">
        <p className={classNames("[overflow-wrap:anywhere]", isSettled ? "text-text-2" : "text-text-3")}>{message}</p>
        {isSettled && state !== "PASS" && <Remedies row={row} fit={fit} onApply={onApply} />}
      </div>
    </li>
  );
}

function Remedies({ row, fit, onApply }: { row: CheckRow; fit: Fit | undefined; onApply(fit: Fit): void }) {
  if (row.remedies.length === 0) return null;
  const commands = row.remedies.flatMap(({ label, command }) => (command === null ? [] : [{ label, command }]));
  return (
    <div className="mt-2 grid gap-2 pb-1">
      {commands.map(({ label, command }) => (
        <CommandText key={label} label={label} command={command} />
      ))}
      <div className="flex flex-wrap gap-2 empty:hidden [&>*]:whitespace-normal!">
        {fit && (
          <Button look="primary" onClick={() => onApply(fit)}>
            {fit.label}
          </Button>
        )}
        {row.remedies.map(({ kind, label, url, field }) =>
          kind === "LINK" && url !== null ? (
            <ExternalLink key={label} href={url} className={buttonClass("secondary")}>
              {label}
            </ExternalLink>
          ) : kind === "EDIT" && field !== null ? (
            <Button key={label} onClick={() => focusField(field)}>
              {label}
            </Button>
          ) : null,
        )}
      </div>
    </div>
  );
}
