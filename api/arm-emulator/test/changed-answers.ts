import { MAP_FIELDS } from "./answer-shape.ts";

/** One answer with one thing wrong, and what was done to it. */
export type ChangedAnswer = { readonly change: string; readonly body: unknown };

/**
 * The same JSON value again and again, each time with another field renamed, one level deeper or of another type.
 * Of fields that stand at the same place of several list elements only the first is changed, and the keys of maps stay.
 */
export function changedAnswers(body: unknown): ChangedAnswer[] {
  const changed: ChangedAnswer[] = [];
  const done = new Set<string>();

  function visit(value: unknown, steps: readonly (string | number)[]): void {
    if (Array.isArray(value)) value.forEach((element, index) => visit(element, [...steps, index]));
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    const isMap = MAP_FIELDS.has(String(steps.at(-1)));
    const at = steps.map((step) => (typeof step === "number" ? "[]" : `.${step}`)).join("");
    for (const [name, inner] of Object.entries(value)) {
      const path = `${at}.${name}`.slice(1);
      if (!done.has(path) && !isMap) {
        done.add(path);
        changed.push({ change: `${path} renamed`, body: rewrite(steps, (fields) => rename(fields, name)) });
        changed.push({
          change: `${path} nested`,
          body: rewrite(steps, (fields) => ({ ...fields, [name]: { [name]: inner } })),
        });
        changed.push({
          change: `${path} of another type`,
          body: rewrite(steps, (fields) => ({ ...fields, [name]: otherType(inner) })),
        });
      }
      visit(inner, [...steps, name]);
    }
  }

  function rewrite(steps: readonly (string | number)[], change: (fields: Record<string, unknown>) => object): unknown {
    const copy = structuredClone(body) as Record<string | number, unknown>;
    const [last, ...before] = [...steps].reverse();
    if (last === undefined) return change(copy);
    let holder = copy;
    for (const step of before.reverse()) holder = holder[step] as Record<string | number, unknown>;
    holder[last] = change(holder[last] as Record<string, unknown>);
    return copy;
  }

  visit(body, []);
  return changed;
}

function rename(fields: Record<string, unknown>, name: string): object {
  const swapped = name[0] === name[0]?.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key === name ? swapped : key, value]));
}

function otherType(value: unknown): unknown {
  return typeof value === "number" ? String(value) : 1;
}
