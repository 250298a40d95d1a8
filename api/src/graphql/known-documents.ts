import { createHash } from "node:crypto";
import { GraphQLError } from "graphql";
import type { Plugin } from "graphql-yoga";
import type { Viewer } from "../auth/viewer.ts";
import type { FreeDocuments } from "../config/limit-settings.ts";
import type { RequestFacts } from "./yoga.ts";

/** What a client says of the document that it wants executed: its text, or the SHA-256 of one that the web UI has. */
export interface AskedDocument {
  readonly query?: string | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface KnownDocuments {
  /** The text to execute; undefined when nothing was asked for. @throws GraphQLError when it is unknown, or may not be sent. */
  textOf(asked: AskedDocument, viewer: Viewer): string | undefined;
  /** The same for what comes over HTTP. */
  readonly plugin: Plugin;
}

const UNKNOWN = "PERSISTED_OPERATION_UNKNOWN";
const NOT_FREE = "FREE_DOCUMENTS_OFF";

/**
 * The operations that the web UI was built with, which it asks for by their hash as `extensions.persistedQuery.sha256Hash`, and who may send others.
 * A document that is one of them may always be sent. `onRefusal` is told of each refusal's code.
 */
export function createKnownDocuments(options: {
  /** Texts by their SHA-256 in hexadecimal digits. */
  readonly operations: Readonly<Record<string, string>>;
  readonly free: FreeDocuments;
  readonly onRefusal: (code: string) => void;
}): KnownDocuments {
  const { free, onRefusal } = options;
  const operations = new Map(Object.entries(options.operations));

  function refuse(code: string, status: number, message: string): GraphQLError {
    onRefusal(code);
    return new GraphQLError(message, { extensions: { code, http: { status } } });
  }

  function mayBeSent(text: string, { roles }: Viewer): boolean {
    if (free === "everybody" || (free === "admins" && roles.includes("Slipway.Admin"))) return true;
    return operations.has(createHash("sha256").update(text).digest("hex"));
  }

  const self: KnownDocuments = {
    textOf({ query, extensions }, viewer) {
      if (query) {
        if (mayBeSent(query, viewer)) return query;
        const whose = free === "admins" ? "Only administrators may" : "Nobody may";
        throw refuse(NOT_FREE, 403, `${whose} send documents that are not the web UI's own (SLIPWAY_FREE_DOCUMENTS).`);
      }
      const hash = hashIn(extensions);
      if (hash === undefined) return undefined;
      const text = operations.get(hash);
      if (text !== undefined) return text;
      throw refuse(UNKNOWN, 400, "This Slipway knows no operation by this hash. Send the document itself.");
    },
    plugin: {
      onParams({ params, setParams, context }) {
        // What the server hands to Yoga with each request; a list of plugins has the least that all of them know.
        const { viewer } = context as object as RequestFacts;
        const query = self.textOf(params, viewer);
        if (query !== undefined && query !== params.query) setParams({ ...params, query });
      },
    },
  };
  return self;
}

function hashIn(extensions: AskedDocument["extensions"]): string | undefined {
  const persisted = extensions?.["persistedQuery"];
  if (typeof persisted !== "object" || persisted === null || !("sha256Hash" in persisted)) return undefined;
  return String(persisted.sha256Hash);
}
