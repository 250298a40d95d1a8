import type { GraphQLError } from "graphql";

const HEAD = /^Variable "\$(\w+)" got invalid value /;

/**
 * What graphql-js says is wrong with a variable, without the value: an input that misses a field would be quoted whole, with the secret in
 * another of its fields. Nor with what is like it, which would tell the schema word by word. Where it is and what is wrong stay. Other messages are given back as they are.
 */
export function withoutValue({ message, originalError }: GraphQLError): string {
  const name = HEAD.exec(message)?.[1];
  if (name === undefined || !originalError) return message;
  const reason = originalError.message;
  const head = message.endsWith(`; ${reason}`) ? message.slice(0, -reason.length - 2) : "";
  const place = new RegExp(` at "(${name}[\\w.[\\]]*)"$`).exec(head)?.[1];
  const where = place === undefined ? "" : ` at "${place}"`;
  return `Variable "$${name}" got an invalid value${where}; ${withoutQuote(reason)}`;
}

const SUGGESTION = / Did you mean .*\?$/s;

/** `String cannot represent a non string value: […]`; a word that is none of an enumeration is named, since no secret belongs there. */
function withoutQuote(reason: string): string {
  return reason.replace(/( value): .*$/s, "$1.").replace(SUGGESTION, "");
}
