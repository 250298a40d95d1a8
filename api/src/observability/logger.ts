import type { Writable } from "node:stream";
import { type Logger, type LoggerOptions, pino, stdTimeFunctions } from "pino";
import pretty from "pino-pretty";
import { redactText } from "../shared/redact-text.ts";
import { redactFields } from "./redact.ts";
import { currentLogFields } from "./tracing.ts";

export type { Logger } from "pino";

export interface LoggerSettings {
  readonly level: LoggerOptions["level"] & string;
  /** Where lines go. @default standard output */
  readonly destination?: Writable;
  /** Pretty lines for people instead of JSON lines for machines. @default whether standard output is a terminal */
  readonly isPretty?: boolean;
}

/**
 * The process's logger. Field names are dotted and stable (`request.id`, `job.id`, `arm.correlationId`), messages constant, and
 * an error goes in the field `err`. Lines that are written while something is done for a request or a job name it, without
 * being told. Authorization headers, SAS signatures, account keys and passwords are cut out of every line, wherever they
 * stand: Azure repeats them in error messages and log URLs.
 */
export function createLogger({ level, destination, isPretty = process.stdout.isTTY }: LoggerSettings): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    mixin: () => ({ ...currentLogFields() }),
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => redactFields(fields),
    },
    // redactFields has made a plain object of the error already; the default serializer would take it for one again.
    serializers: { err: (error: unknown) => error },
    hooks: { streamWrite: (line) => redactText(line) },
  };
  // Synchronous, so that the last lines before a crash are not lost.
  const stream = isPretty
    ? pretty({ sync: true, translateTime: "SYS:HH:MM:ss.l", singleLine: true, ...(destination && { destination }) })
    : (destination ?? pino.destination({ sync: true }));
  return pino(options, stream);
}
