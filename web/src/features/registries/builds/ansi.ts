/**
 * Colours and weights that terminal output asks for (ECMA-48, https://ecma-international.org/publications-and-standards/standards/ecma-48/).
 * Every colour becomes one of sixteen names, which the style sheet maps to values that can be read in light and in dark; backgrounds are left
 * out, since a background of the output under a text colour of ours could hide the text.
 */
export interface TextStyle {
  /** 0–7 as the terminal names them: black, red, green, yellow, blue, magenta, cyan, white. */
  colour?: number;
  isBold?: boolean;
  isFaint?: boolean;
  isItalic?: boolean;
  isUnderlined?: boolean;
}

export interface StyledRange {
  start: number;
  /** Exclusive. */
  end: number;
  style: TextStyle;
}

export interface LogText {
  /** Without control sequences. */
  text: string;
  ranges: readonly StyledRange[];
  /** The style that the next line begins with. */
  next: TextStyle;
}

export const PLAIN: TextStyle = {};

const NO_RANGES: readonly StyledRange[] = [];
const TAB_WIDTH = 8;
// oxlint-disable-next-line no-control-regex -- control sequences are what is looked for
const SEQUENCE = /\u001b(?:\[([0-?]*)([ -/]*[@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
// oxlint-disable-next-line no-control-regex -- what is left of them would show as boxes
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** Reads one line of terminal output that begins in this style. Of a line that was written over (`\r`), what was written last is kept. */
export function parseAnsi(raw: string, start: TextStyle): LogText {
  const line = lastWritten(raw);
  if (start === PLAIN && !line.includes("\u001b")) return { text: clean(line, 0), ranges: NO_RANGES, next: PLAIN };
  const ranges: StyledRange[] = [];
  let style = start;
  let text = "";
  let from = 0;
  const take = (part: string) => {
    const shown = clean(part, text.length);
    if (shown !== "" && style !== PLAIN) ranges.push({ start: text.length, end: text.length + shown.length, style });
    text += shown;
  };
  for (const match of line.matchAll(SEQUENCE)) {
    take(line.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] === "m") style = applyCodes(style, match[1] ?? "");
  }
  take(line.slice(from));
  return { text, ranges, next: style };
}

function lastWritten(raw: string): string {
  const line = raw.replace(/\r+$/, "");
  const at = line.lastIndexOf("\r");
  return at === -1 ? line : line.slice(at + 1);
}

function clean(part: string, column: number): string {
  const tidy = part.replace(CONTROLS, "");
  if (!tidy.includes("\t")) return tidy;
  let out = "";
  for (const character of tidy)
    out += character === "\t" ? " ".repeat(TAB_WIDTH - ((column + out.length) % TAB_WIDTH)) : character;
  return out;
}

function applyCodes(before: TextStyle, codes: string): TextStyle {
  const numbers = codes.split(/[;:]/).map(Number);
  let style: TextStyle = { ...before };
  for (let at = 0; at < numbers.length; at += 1) {
    const code = numbers[at] ?? 0;
    if (code === 0) style = {};
    else if (code === 1) style.isBold = true;
    else if (code === 2) style.isFaint = true;
    else if (code === 3) style.isItalic = true;
    else if (code === 4) style.isUnderlined = true;
    else if (code === 22) style = without(style, "isBold", "isFaint");
    else if (code === 23) style = without(style, "isItalic");
    else if (code === 24) style = without(style, "isUnderlined");
    else if (code === 39) style = without(style, "colour");
    else if (code >= 30 && code <= 37) style.colour = code - 30;
    else if (code >= 90 && code <= 97) style.colour = code - 90;
    else if (code === 38 || code === 48) {
      const [colour, used] = extendedColour(numbers.slice(at + 1));
      if (code === 38 && colour !== undefined) style.colour = colour;
      at += used;
    }
  }
  return Object.keys(style).length === 0 ? PLAIN : style;
}

function without(style: TextStyle, ...names: (keyof TextStyle)[]): TextStyle {
  return Object.fromEntries(Object.entries(style).filter(([name]) => !names.includes(name as keyof TextStyle)));
}

/** `5;n` of the 256 colours or `2;r;g;b`, as the nearest of our colours, and how many numbers that took. */
function extendedColour([kind, ...rest]: readonly number[]): readonly [number | undefined, number] {
  if (kind === 2) return [nearest(rest[0] ?? 0, rest[1] ?? 0, rest[2] ?? 0), 4];
  if (kind !== 5) return [undefined, 1];
  const index = rest[0] ?? 0;
  if (index < 16) return [index % 8, 2];
  if (index > 231) return [index > 243 ? 7 : 0, 2];
  const cube = index - 16;
  const level = (digit: number) => (digit === 0 ? 0 : 55 + digit * 40);
  return [nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)), 2];
}

function nearest(red: number, green: number, blue: number): number {
  const strongest = Math.max(red, green, blue);
  if (strongest < 64) return 0;
  const isOn = (value: number) => (value > strongest / 2 ? 1 : 0);
  return isOn(red) + isOn(green) * 2 + isOn(blue) * 4;
}
