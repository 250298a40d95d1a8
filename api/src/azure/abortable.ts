/** The option under which the SDK's calls take a signal; an explicit undefined is not among what their types allow. */
export function abortable(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
}
