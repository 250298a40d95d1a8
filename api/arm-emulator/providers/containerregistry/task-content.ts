/** What ACR names a step that has no id. */
const FIRST_STEP = "acb_step_0";

/** What the emulator needs to know of a multi-step task. */
export type TaskContent = {
  /** Image names of the push steps, as written. */
  readonly pushed: readonly string[];
  /** The `cmd` steps, as written. */
  readonly commands: readonly string[];
  /** Id of the first step. */
  readonly stepId: string;
};

/**
 * Reads `acb.yaml` as far as it matters here: the `push` and `cmd` steps and the first `id`, not YAML at large. `{{.Values.x}}` is
 * replaced by the value of that name.
 * https://learn.microsoft.com/azure/container-registry/container-registry-tasks-reference-yaml
 */
export function readTaskContent(
  yaml: string,
  values: readonly { readonly name: string; readonly value: string }[],
): TaskContent {
  const pushed: string[] = [];
  const commands: string[] = [];
  let stepId = FIRST_STEP;
  let steps = 0;
  let listIndent: number | undefined;
  for (const line of yaml.split(/\r?\n/)) {
    const [, indent = "", dash = "", rest = ""] = /^(\s*)(-\s+)?(.*?)\s*$/.exec(line) ?? [];
    const depth = indent.length;
    if (listIndent !== undefined && dash !== "" && depth > listIndent && !/^\w+:(\s|$)/.test(rest)) {
      pushed.push(unquote(rest));
      continue;
    }
    if (rest !== "") listIndent = undefined;
    const [, push] = /^push:\s*(.*)$/.exec(rest) ?? [];
    const [, command] = /^cmd:\s*(.+)$/.exec(rest) ?? [];
    if (push === "") listIndent = depth;
    else if (push !== undefined) pushed.push(...readInlineList(push));
    if (command !== undefined) commands.push(unquote(command));
    if (dash !== "" && /^\w+:(\s|$)/.test(rest)) steps += 1;
    const [, id] = /^id:\s*(.+)$/.exec(rest) ?? [];
    if (id !== undefined && steps === 1) stepId = unquote(id);
  }
  const fill = (template: string): string =>
    template.replaceAll(
      /\{\{\s*\.Values\.(\w+)\s*\}\}/g,
      (_all, name: string) => values.find((value) => value.name === name)?.value ?? "",
    );
  return { pushed: pushed.map(fill), commands: commands.map(fill), stepId };
}

function readInlineList(list: string): string[] {
  return list
    .replace(/^\[|\]$/g, "")
    .split(",")
    .map((item) => unquote(item.trim()))
    .filter((item) => item !== "");
}

function unquote(value: string): string {
  return value.replace(/^(["'])(.*)\1$/, "$2");
}
