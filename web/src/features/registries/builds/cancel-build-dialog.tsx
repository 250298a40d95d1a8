"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import { useRef } from "react";
import { Button } from "../../../ui/button.tsx";
import type { Build } from "./build-documents.ts";
import { imageName } from "./build-words.ts";
import type { CancelBuild } from "./use-cancel-build.ts";

/** Asks before a build is canceled. The safe answer has the focus; Escape gives it too. */
export function CancelBuildDialog({ cancel }: { cancel: CancelBuild }) {
  const keep = useRef<HTMLButtonElement>(null);
  const { asked } = cancel;
  return (
    <AlertDialog.Root open={asked !== undefined} onOpenChange={(isOpen) => !isOpen && cancel.close()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(0_0_0/0.45)]" />
        <AlertDialog.Popup
          initialFocus={keep}
          className="fixed top-1/2 left-1/2 z-50 w-[min(460px,calc(100vw-28px))] -translate-1/2 rounded-card border border-line bg-surface p-5 text-text shadow-popup outline-none"
        >
          {asked && <Question build={asked} />}
          {cancel.refusal && (
            <p
              role="alert"
              className="mt-3 rounded-control bg-danger-soft px-3 py-2 text-danger [overflow-wrap:anywhere]"
            >
              {cancel.refusal}
            </p>
          )}
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button ref={keep} onClick={cancel.close}>
              Keep building
            </Button>
            <Button look="danger" disabled={cancel.isSending} onClick={() => void cancel.confirm()}>
              {cancel.isSending ? "Canceling…" : "Cancel build"}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function Question({ build }: { build: Build }) {
  return (
    <>
      <AlertDialog.Title className="text-[16px] font-semibold [overflow-wrap:anywhere]">
        Cancel the build of {imageName(build)}?
      </AlertDialog.Title>
      <AlertDialog.Description className="mt-2 text-text-2">
        ACR stops {build.runId ? `run ${build.runId}` : "the run"} and pushes nothing: the tag keeps the image it has.
        This can&apos;t be undone, but you can build again. Just leaving the page stops nothing.
      </AlertDialog.Description>
    </>
  );
}
