"use client";

import { type ComponentProps, useId } from "react";
import { Button, LinkButton } from "./button.tsx";
import { useReadOnlyReason } from "./read-only.tsx";

/**
 * A button that begins or changes something, and says why when it can't be used: it keeps the focus and its place, tells the reason on hover
 * and to screen readers, and does nothing. It can't be used with a `reason`, nor by whoever may only look.
 */
export function ActionButton({
  reason: ownReason,
  ...props
}: ComponentProps<typeof Button> & { reason?: string | undefined }) {
  const reason = useReadOnlyReason() ?? ownReason;
  return reason === undefined ? <Button {...props} /> : <Unusable {...props} reason={reason} />;
}

/** A link to where something can be begun; it leads nowhere for whoever may only look. */
export function ActionLink(props: ComponentProps<typeof LinkButton>) {
  const reason = useReadOnlyReason();
  if (reason === undefined) return <LinkButton {...props} />;
  const { look, className, children, "aria-label": label } = props;
  return (
    <Unusable reason={reason} look={look} className={className} aria-label={label}>
      {children}
    </Unusable>
  );
}

function Unusable({ reason, ...props }: ComponentProps<typeof Button> & { reason: string }) {
  const id = useId();
  return (
    <>
      <Button
        {...props}
        type="button"
        disabled={false}
        onClick={undefined}
        aria-disabled="true"
        aria-describedby={id}
        title={reason}
      />
      <span id={id} className="sr-only">
        {reason}
      </span>
    </>
  );
}
