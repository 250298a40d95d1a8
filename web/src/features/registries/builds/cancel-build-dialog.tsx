import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { imageName } from "./build-words.ts";
import type { CancelBuild } from "./use-cancel-build.ts";

/** Asks before a build is canceled. */
export function CancelBuildDialog({ cancel }: { cancel: CancelBuild }) {
  const { asked } = cancel;
  return (
    <ConfirmDialog
      isOpen={asked !== undefined}
      title={`Cancel the build of ${asked ? imageName(asked) : "this image"}?`}
      description={
        <>
          ACR stops {asked?.runId ? `run ${asked.runId}` : "the run"} and pushes nothing: the tag keeps the image it
          has. This can&apos;t be undone, but you can build again. Just leaving the page stops nothing.
        </>
      }
      confirmLabel="Cancel build"
      sendingLabel="Canceling…"
      cancelLabel="Keep building"
      look="danger"
      isSending={cancel.isSending}
      refusal={cancel.refusal}
      onConfirm={() => void cancel.confirm()}
      onClose={cancel.close}
    />
  );
}
