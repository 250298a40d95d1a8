"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import { type ReactNode, useRef } from "react";
import { Button } from "./button.tsx";

interface ConfirmDialogProps {
  isOpen: boolean;
  title: string;
  /** What happens, what is lost and whether it can be undone. */
  description: ReactNode;
  /** What is asked for beside a yes. */
  children?: ReactNode;
  confirmLabel: string;
  /** The label while the answer is on its way. */
  sendingLabel: string;
  cancelLabel: string;
  look?: "primary" | "danger";
  isSending: boolean;
  /** What was asked for is not there yet. */
  isIncomplete?: boolean;
  /** Why it was refused. */
  refusal?: string | undefined;
  onConfirm(): void;
  onClose(): void;
}

/** Asks before something costly is done. Escape and the safe button close it; the first field, or else the safe button, has the focus. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const safe = useRef<HTMLButtonElement>(null);
  const { isOpen, title, description, children, look = "primary", refusal, isSending, onClose } = props;
  const hasFields = Boolean(children);
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(0_0_0/0.45)]" />
        <AlertDialog.Popup
          initialFocus={hasFields ? true : safe}
          className="fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-28px)] w-[min(520px,calc(100vw-28px))] -translate-1/2 overflow-y-auto rounded-card border border-line bg-surface p-5 text-text shadow-popup outline-none"
        >
          <AlertDialog.Title className="text-[16px] font-semibold [overflow-wrap:anywhere]">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-text-2" render={<div />}>
            {description}
          </AlertDialog.Description>
          <form
            noValidate
            className={hasFields ? "mt-4 grid gap-3.5" : "hidden"}
            onSubmit={(event) => {
              event.preventDefault();
              // Enter must not be what deletes something.
              if (look !== "danger" && !isSending && !props.isIncomplete) props.onConfirm();
            }}
          >
            {children}
          </form>
          {refusal && (
            <p
              role="alert"
              className="mt-3 rounded-control bg-danger-soft px-3 py-2 text-danger [overflow-wrap:anywhere]"
            >
              {refusal}
            </p>
          )}
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button ref={safe} onClick={onClose}>
              {props.cancelLabel}
            </Button>
            <Button look={look} disabled={isSending || props.isIncomplete} onClick={props.onConfirm}>
              {isSending ? props.sendingLabel : props.confirmLabel}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
