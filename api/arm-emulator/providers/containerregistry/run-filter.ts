import { wrappedError } from "../../arm-errors.ts";
import type { Run } from "./run.ts";

type Test = (run: Run) => boolean;

/** Fields that a filter may name, as texts that compare in their order. */
const FIELDS: Readonly<Record<string, (run: Run) => string>> = {
  runid: ({ runId }) => runId,
  runtype: () => "QuickRun",
  status: ({ status }) => status,
  createtime: ({ createMs }) => new Date(createMs).toISOString(),
  finishtime: ({ finishMs }) => (finishMs === undefined ? "" : new Date(finishMs).toISOString()),
  outputimagemanifests: ({ outputImages = [] }) =>
    outputImages.map(({ repository, digest }) => `${repository}@${digest}`).join(","),
  isarchiveenabled: ({ isArchiveEnabled }) => String(isArchiveEnabled),
  taskname: () => "",
  agentpoolname: ({ request }) => request.agentPoolName,
};

const OPERATORS: ReadonlySet<string> = new Set(["eq", "ne", "gt", "ge", "lt", "le"]);

const TOKEN = /\s*(?:'((?:[^']|'')*)'|([(),])|([^\s'(),]+))/y;

/**
 * The `$filter` of a list of runs: comparisons with `eq ne gt ge lt le`, `contains(Field, 'text')`, `and`, `or` and
 * parentheses. https://learn.microsoft.com/rest/api/container-registry/runs/list
 * @throws ArmError 400 for anything else
 */
export function parseRunFilter(filter: string): Test {
  const tokens = readTokens(filter);
  let position = 0;
  const next = (): string | undefined => tokens[position];
  const take = (): string => {
    const token = tokens[position++];
    if (token === undefined) throw invalidFilter(filter);
    return token;
  };
  const expect = (wanted: string): void => {
    if (take() !== wanted) throw invalidFilter(filter);
  };

  function either(): Test {
    const tests = [both()];
    while (next()?.toLowerCase() === "or" && take()) tests.push(both());
    return (run) => tests.some((test) => test(run));
  }

  function both(): Test {
    const tests = [one()];
    while (next()?.toLowerCase() === "and" && take()) tests.push(one());
    return (run) => tests.every((test) => test(run));
  }

  function one(): Test {
    const first = take();
    if (first === "(") {
      const inner = either();
      expect(")");
      return inner;
    }
    if (first.toLowerCase() === "contains") {
      expect("(");
      const read = field(take());
      expect(",");
      const part = literal(take());
      expect(")");
      return (run) => read(run).includes(part);
    }
    const read = field(first);
    const operator = take().toLowerCase();
    if (!OPERATORS.has(operator)) throw invalidFilter(filter);
    const value = literal(take());
    return (run) => compare(read(run), operator, value);
  }

  function field(name: string): (run: Run) => string {
    const read = FIELDS[name.toLowerCase()];
    if (!read) throw invalidFilter(filter);
    return read;
  }

  function compare(left: string, operator: string, text: string): boolean {
    const right =
      Number.isNaN(Date.parse(text)) || !/^\d{4}-\d\d-\d\d/.test(text) ? text : new Date(text).toISOString();
    if (operator === "eq") return left.toLowerCase() === right.toLowerCase();
    if (operator === "ne") return left.toLowerCase() !== right.toLowerCase();
    if (left === "") return false;
    if (operator === "gt") return left > right;
    if (operator === "ge") return left >= right;
    if (operator === "lt") return left < right;
    return left <= right;
  }

  if (tokens.length === 0) return () => true;
  const test = either();
  if (position < tokens.length) throw invalidFilter(filter);
  return test;
}

/** Texts keep an opening quote, so that they aren't mistaken for names. */
function readTokens(filter: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < filter.trimEnd().length) {
    const found = TOKEN.exec(filter);
    if (!found) throw invalidFilter(filter);
    const [, quoted, sign, word] = found;
    tokens.push(quoted === undefined ? (sign ?? word ?? "") : `'${quoted.replaceAll("''", "'")}`);
  }
  return tokens;
}

/** Dates, booleans and names of enumerations may stand without quotes. */
function literal(token: string): string {
  return token.startsWith("'") ? token.slice(1) : token;
}

function invalidFilter(filter: string): Error {
  return wrappedError(400, "InvalidFilter", `The filter '${filter}' is not valid.`, { target: "$filter" });
}
