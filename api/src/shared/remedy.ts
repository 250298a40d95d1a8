/** Something that can be done about a failure. */
export interface Remedy {
  readonly kind: "RETRY" | "EDIT" | "COMMAND" | "LINK";
  readonly label: string;
  readonly url?: string;
  readonly command?: string;
  /** Path of what to change in the input that it was asked for with, such as `nodePools.0.vmSize`. */
  readonly field?: string;
}

export const RETRY: Remedy = { kind: "RETRY", label: "Try again" };

/** @param field undefined when it can't be told which one */
export function edit(label: string, field?: string): Remedy {
  return { kind: "EDIT", label, ...(field === undefined ? {} : { field }) };
}

export function link(label: string, url: string): Remedy {
  return { kind: "LINK", label, url };
}

/** A command whose parts are put together so that nothing in a name can become a command of its own. */
export function command(label: string, ...words: readonly string[]): Remedy {
  return { kind: "COMMAND", label, command: words.map(quoted).join(" ") };
}

function quoted(word: string): string {
  return /^[\w./:@=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
