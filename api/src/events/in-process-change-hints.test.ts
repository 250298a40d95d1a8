import { describeChangeHints } from "./change-hints.contract.ts";
import { createInProcessChangeHints } from "./in-process-change-hints.ts";

describeChangeHints("in-process", async () => {
  const errors: { error: unknown; topic: string }[] = [];
  const hints = createInProcessChangeHints({ onError: (error, topic) => errors.push({ error, topic }) });
  return { hints, errors, delivered: async () => {}, close: async () => {} };
});
