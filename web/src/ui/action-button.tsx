import { type ComponentProps, useId } from "react";
import { Button } from "./button.tsx";

/**
 * A button that says why when it can't be used: it keeps the focus and its place, tells the reason on hover and to screen readers,
 * and does nothing.
 */
export function ActionButton({
  reason,
  onClick,
  title,
  ...props
}: ComponentProps<typeof Button> & { reason: string | undefined }) {
  const id = useId();
  if (reason === undefined) return <Button {...props} title={title} onClick={onClick} />;
  return (
    <>
      <Button {...props} aria-disabled="true" aria-describedby={id} title={reason} />
      <span id={id} className="sr-only">
        {reason}
      </span>
    </>
  );
}
