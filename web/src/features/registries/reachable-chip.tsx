import { Chip } from "../../ui/chip.tsx";
import type { RegistryHead } from "./registry-documents.ts";

/** Whether Azure answers about a registry; why it doesn't on hover and for screen readers. */
export function ReachableChip({ head: { reachable, problem } }: { head: RegistryHead }) {
  if (reachable) return <Chip tone="success" icon="check" label="Reachable" />;
  return (
    <span title={problem?.message}>
      <Chip tone="warning" icon="warning" label="Not reachable" />
      {problem && <span className="sr-only">: {problem.message}</span>}
    </span>
  );
}
