/** More texts have never been seen, and each costs a walk through the rest of it. */
const MOST_STARTS = 40;
/** A message in a message in a message. */
const MOST_UNESCAPES = 3;
const LONGEST_TEXT = 64 * 1024;

/** JSON objects that stand anywhere in a text, also with their quotation marks escaped, as services print the answers of others. */
export function embeddedValues(text: string): readonly unknown[] {
  let candidate = text.slice(0, LONGEST_TEXT);
  for (let level = 0; level <= MOST_UNESCAPES; level++) {
    const found = objectsIn(candidate);
    if (found.length > 0) return found;
    if (!candidate.includes('\\"')) return [];
    candidate = candidate.replace(/\\(["\\nrt/])/g, (_, escaped: string) => UNESCAPED[escaped] ?? escaped);
  }
  return [];
}

const UNESCAPED: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function objectsIn(text: string): unknown[] {
  const found: unknown[] = [];
  let start = text.indexOf("{");
  for (let tries = 0; start !== -1 && tries < MOST_STARTS; tries++) {
    const end = endOfObject(text, start);
    const value = end === -1 ? undefined : tryParse(text.slice(start, end));
    if (value !== undefined) found.push(value);
    start = text.indexOf("{", value === undefined ? start + 1 : end);
  }
  return found;
}

/** Index after the brace that closes the one at `start`; -1 when there is none. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let isInString = false;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (isInString) {
      if (character === "\\") index++;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return index + 1;
  }
  return -1;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
