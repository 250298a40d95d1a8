import type { Fault, FaultOutcome } from "./faults.ts";
import {
  CLUSTER_SCENARIOS,
  IMAGE_SCENARIOS,
  REGISTRY_SCENARIOS,
  type Scenario,
  type ScenarioSubject,
} from "./scenarios.ts";
import { SEED_NAMES, type SeedName } from "./seed/seeds.ts";

/** A call that the control plane can't follow; the message names the field and what it may be, and is answered. */
export class ControlInputError extends Error {
  readonly status: 400 | 404;

  constructor(message: string, status: 400 | 404 = 400) {
    super(message);
    this.name = "ControlInputError";
    this.status = status;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** @default demo */
export function parseReset(text: string): SeedName {
  const { seed = "demo" } = parseFields(text, ["seed"]);
  const name = SEED_NAMES.find((candidate) => candidate === seed);
  if (!name) throw new ControlInputError(`'seed' must be one of ${SEED_NAMES.join(", ")}.`);
  return name;
}

export function parseClockSpeed(text: string): number {
  return parseNumber(parseFields(text, ["speed"])["speed"], "speed", 0, 100_000);
}

export function parseClockAdvance(text: string): number {
  return parseNumber(parseFields(text, ["seconds"])["seconds"], "seconds", 0, 10 * 365 * 86_400);
}

const SCENARIOS: Readonly<Record<ScenarioSubject, readonly string[]>> = {
  cluster: CLUSTER_SCENARIOS,
  image: IMAGE_SCENARIOS,
  registry: REGISTRY_SCENARIOS,
};

export function parseScenario(text: string): Scenario {
  const fields = parseFields(text, ["cluster", "image", "registry", "scenario"]);
  const subjects = (["cluster", "image", "registry"] as const).filter((subject) => fields[subject] !== undefined);
  const [subject] = subjects;
  if (subject === undefined || subjects.length > 1) {
    throw new ControlInputError("Name exactly one of 'cluster', 'image' and 'registry'.");
  }
  const name = fields[subject];
  if (typeof name !== "string" || name === "") throw new ControlInputError(`'${subject}' must be a name.`);
  const scenario = SCENARIOS[subject].find((candidate) => candidate === fields["scenario"]);
  if (scenario === undefined) {
    throw new ControlInputError(`'scenario' of a ${subject} must be one of ${SCENARIOS[subject].join(", ")}.`);
  }
  return { subject, name, scenario };
}

/** @param operations the names that routes have: a fault for another would wait for ever */
export function parseFault(text: string, operations: readonly string[]): Omit<Fault, "id"> {
  const { match, times, probability, then } = parseFields(text, ["match", "times", "probability", "then"]);
  return {
    match: parseMatch(match, operations),
    ...(times !== undefined && { timesLeft: parseInteger(times, "times", 1, 1_000_000) }),
    ...(probability !== undefined && { probability: parseNumber(probability, "probability", 0, 1) }),
    then: parseOutcome(then),
  };
}

function parseMatch(value: unknown, operations: readonly string[]): Fault["match"] {
  const { method, path, operation } = checkFields(value, "match", ["method", "path", "operation"]);
  if (path !== undefined) {
    try {
      new RegExp(parseText(path, "match.path"));
    } catch (error) {
      if (error instanceof ControlInputError) throw error;
      throw new ControlInputError(`'match.path' is no regular expression: ${String(error)}.`);
    }
  }
  if (operation !== undefined && !operations.some((name) => name.toLowerCase() === String(operation).toLowerCase())) {
    throw new ControlInputError(`'match.operation' must be one of ${operations.join(", ")}.`);
  }
  return {
    ...(method !== undefined && { method: parseText(method, "match.method") }),
    ...(path !== undefined && { path: parseText(path, "match.path") }),
    ...(operation !== undefined && { operation: parseText(operation, "match.operation") }),
  };
}

const OUTCOME_FIELDS = ["status", "headers", "body", "delayMs", "dropConnection", "throttle"];

function parseOutcome(value: unknown): FaultOutcome {
  const { status, headers, body, delayMs, dropConnection, throttle } = checkFields(value, "then", OUTCOME_FIELDS);
  if (dropConnection !== undefined && dropConnection !== "before" && dropConnection !== "after") {
    throw new ControlInputError('\'then.dropConnection\' must be "before" or "after".');
  }
  if (body !== undefined && status === undefined) throw new ControlInputError("'then.body' needs a 'then.status'.");
  return {
    ...(status !== undefined && { status: parseInteger(status, "then.status", 200, 599) }),
    ...(headers !== undefined && { headers: parseHeaders(headers) }),
    ...(body !== undefined && { body }),
    ...(delayMs !== undefined && { delayMs: parseNumber(delayMs, "then.delayMs", 0, 600_000) }),
    ...(dropConnection !== undefined && { dropConnection }),
    ...(throttle !== undefined && { throttle: parseThrottle(throttle) }),
  };
}

function parseHeaders(value: unknown): Record<string, string> {
  const entries = Object.entries(checkFields(value, "then.headers"));
  return Object.fromEntries(
    entries.map(([name, text]) => {
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || (typeof text !== "string" && typeof text !== "number")) {
        throw new ControlInputError(`'then.headers.${name}' must be a header name with a text or a number.`);
      }
      return [name.toLowerCase(), String(text)];
    }),
  );
}

function parseThrottle(value: unknown): NonNullable<FaultOutcome["throttle"]> {
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return { retryAfterSeconds: parseNumber(value, "then.throttle", 0, 3600) };
  const { retryAfterSeconds } = checkFields(value, "then.throttle", ["retryAfterSeconds"]);
  return { retryAfterSeconds: parseNumber(retryAfterSeconds, "then.throttle.retryAfterSeconds", 0, 3600) };
}

function parseFields(text: string, known: readonly string[]): Fields {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ControlInputError("The body is no JSON.");
  }
  return checkFields(value, "The body", known);
}

function checkFields(value: unknown, where: string, known?: readonly string[]): Fields {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new ControlInputError(`'${where}' must be an object.`);
  }
  const unknown = known && Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new ControlInputError(`'${where}' has no field '${unknown}'; it has ${known?.join(", ")}.`);
  }
  return value as Fields;
}

function parseText(value: unknown, where: string): string {
  if (typeof value !== "string" || value === "") throw new ControlInputError(`'${where}' must be a text.`);
  return value;
}

function parseNumber(value: unknown, where: string, low: number, high: number): number {
  if (typeof value !== "number" || !(value >= low && value <= high)) {
    throw new ControlInputError(`'${where}' must be a number from ${low} to ${high}.`);
  }
  return value;
}

function parseInteger(value: unknown, where: string, low: number, high: number): number {
  const number = parseNumber(value, where, low, high);
  if (!Number.isInteger(number)) throw new ControlInputError(`'${where}' must be a whole number.`);
  return number;
}
