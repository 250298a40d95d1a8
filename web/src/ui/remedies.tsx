import { Pencil } from "lucide-react";
import type { ReactNode } from "react";
import { buttonClass, LinkButton } from "./button.tsx";
import { CommandText } from "./command-text.tsx";
import { ExternalLink } from "./external-link.tsx";

export interface ShownRemedy {
  readonly kind: string;
  readonly label: string;
  readonly url: string | null;
  readonly command: string | null;
  /** Path of the field to change. */
  readonly field: string | null;
}

interface RemediesProps {
  remedies: readonly ShownRemedy[];
  /** The form that changes the input, at a field; without it there is nothing to change. */
  editHref?: ((field: string | null) => string) | undefined;
  /** More buttons behind them. */
  children?: ReactNode;
}

/** What can be done about a failure, but for trying again, which is the page's: commands to copy, then buttons. */
export function Remedies({ remedies, editHref, children }: RemediesProps) {
  return (
    <>
      <Commands remedies={remedies} />
      <div className="flex flex-wrap gap-2 empty:hidden [&>*]:whitespace-normal!">
        {remedies.map((remedy, index) => (
          <Remedy key={`${remedy.kind} ${remedy.label}`} remedy={remedy} isFirst={index === 0} editHref={editHref} />
        ))}
        {children}
      </div>
    </>
  );
}

function Commands({ remedies }: { remedies: readonly ShownRemedy[] }) {
  return remedies.flatMap(({ command, label }) =>
    command === null ? [] : <CommandText key={label} label={label} command={command} />,
  );
}

function Remedy({
  remedy,
  isFirst,
  editHref,
}: {
  remedy: ShownRemedy;
  isFirst: boolean;
  editHref: RemediesProps["editHref"];
}) {
  switch (remedy.kind) {
    case "EDIT":
      return (
        editHref && (
          <LinkButton href={editHref(remedy.field)} look={isFirst ? "primary" : "secondary"}>
            <Pencil size={15} aria-hidden="true" />
            {remedy.label}
          </LinkButton>
        )
      );
    case "LINK":
      return (
        remedy.url !== null && (
          <ExternalLink href={remedy.url} className={buttonClass("secondary")}>
            {remedy.label}
          </ExternalLink>
        )
      );
    default:
      return null;
  }
}
