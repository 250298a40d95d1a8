import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";
import { InternalLink } from "./internal-link.tsx";

type Look = "primary" | "secondary" | "quiet" | "danger";

const LOOKS: Record<Look, string> = {
  primary: "filled border-accent bg-accent text-on-accent hover:bg-accent-strong hover:border-accent-strong",
  secondary: "border-line-strong bg-surface text-text hover:bg-surface-2",
  danger: "border-danger bg-surface text-danger hover:bg-danger-soft",
  quiet: "border-transparent text-accent hover:bg-accent-soft",
};

const SHAPE =
  "inline-flex min-h-8 items-center justify-center gap-2 rounded-control border px-3.5 py-1 font-semibold whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55";

export function Button({
  look = "secondary",
  className,
  type = "button",
  ...props
}: ComponentProps<"button"> & { look?: Look | undefined }) {
  return <button {...props} type={type} className={classNames(SHAPE, LOOKS[look], className)} />;
}

export function LinkButton({
  look = "secondary",
  className,
  ...props
}: ComponentProps<typeof InternalLink> & { look?: Look | undefined }) {
  return <InternalLink {...props} className={classNames(SHAPE, LOOKS[look], className)} />;
}

/** The look of a secondary button for an element that is none, such as a link that leaves the site. */
export function buttonClass(look: Look): string {
  return classNames(SHAPE, LOOKS[look]);
}
