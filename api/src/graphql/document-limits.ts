import { GraphQLError, NoSchemaIntrospectionCustomRule, type DocumentNode } from "graphql";
import type { Plugin } from "graphql-yoga";
import type { DocumentLimitSettings } from "../config/limit-settings.ts";
import { measureDocument, type DocumentSize } from "./document-size.ts";

interface Bound {
  readonly of: keyof DocumentSize & keyof DocumentLimitSettings;
  readonly code: string;
  readonly words: (limit: number) => string;
}

const BOUNDS: readonly Bound[] = [
  {
    of: "depth",
    code: "DOCUMENT_TOO_DEEP",
    words: (limit) => `An operation is at most ${limit} fields deep (SLIPWAY_MAX_DEPTH).`,
  },
  {
    of: "fields",
    code: "DOCUMENT_TOO_COSTLY",
    words: (limit) => `An operation asks for at most ${limit} fields, fragments spread out (SLIPWAY_MAX_FIELDS).`,
  },
  {
    of: "aliases",
    code: "TOO_MANY_ALIASES",
    words: (limit) => `An operation has at most ${limit} aliases (SLIPWAY_MAX_ALIASES).`,
  },
  {
    of: "directives",
    code: "TOO_MANY_DIRECTIVES",
    words: (limit) => `An operation has at most ${limit} directives (SLIPWAY_MAX_DIRECTIVES).`,
  },
];

const SUGGESTION = / Did you mean .*\?$/;

/**
 * Refuses documents that would cost more than they should, before anything of them is executed: over HTTP and WebSocket alike, each as an
 * error with a code and the limit, and leaving the connection open. `onRefusal` is told of each refusal's code.
 */
export function documentLimits(settings: DocumentLimitSettings, onRefusal: (code: string) => void): Plugin {
  function refuse(code: string, limit: number, message: string): GraphQLError {
    onRefusal(code);
    return new GraphQLError(message, { extensions: { code, limit, http: { status: 400 } } });
  }

  function refusalsOf(document: DocumentNode): GraphQLError[] {
    const size = measureDocument(document);
    return BOUNDS.filter(({ of }) => settings[of] > 0 && size[of] > settings[of]).map(({ of, code, words }) =>
      refuse(code, settings[of], words(settings[of])),
    );
  }

  return {
    // Not parsed here: what is wrong with a document has to reach Yoga, which gives it its status.
    onParse({ parseFn, setParseFn }) {
      const { tokens: limit, bytes } = settings;
      setParseFn((source, options) => {
        if (bytes > 0 && Buffer.byteLength(textOf(source)) > bytes)
          throw refuse(
            "DOCUMENT_TOO_LONG",
            bytes,
            `A document has at most ${bytes} bytes (SLIPWAY_MAX_DOCUMENT_BYTES).`,
          );
        if (limit === 0) return parseFn(source, options);
        try {
          return parseFn(source, { ...options, maxTokens: limit });
        } catch (error) {
          if (!(error instanceof GraphQLError) || !error.message.includes("tokens. Parsing aborted")) throw error;
          throw refuse("DOCUMENT_TOO_LONG", limit, `A document has at most ${limit} tokens (SLIPWAY_MAX_TOKENS).`);
        }
      });
    },
    onValidate({ params: { documentAST }, addValidationRule, setResult }) {
      const refusals = refusalsOf(documentAST as DocumentNode);
      if (refusals.length > 0) {
        setResult(refusals);
        return;
      }
      if (settings.isIntrospectionOn) return;
      addValidationRule(NoSchemaIntrospectionCustomRule);
      // What is like a name that is wrong would tell the schema word by word.
      return ({ valid, result, setResult: replaceResult }) => {
        if (!valid) replaceResult((result as readonly GraphQLError[]).map(withoutSuggestion));
      };
    },
  };
}

function textOf(source: string | { readonly body: string }): string {
  return typeof source === "string" ? source : source.body;
}

function withoutSuggestion(error: GraphQLError): GraphQLError {
  if (!SUGGESTION.test(error.message)) return error;
  return new GraphQLError(error.message.replace(SUGGESTION, ""), {
    nodes: error.nodes ?? null,
    extensions: error.extensions,
  });
}
