import { wrappedError } from "./arm-errors.ts";
import type { Provider, Route } from "./provider.ts";

export type RouteMatch = { readonly route: Route; readonly params: Readonly<Record<string, string>> };

export type Router = {
  /** @throws ArmError with ARM's own answer for a path, type or method it does not know. */
  match(method: string, path: string): RouteMatch;
};

type CompiledRoute = {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: string[];
  readonly literals: number;
};

export function createRouter(providers: readonly Provider[]): Router {
  const compiled = providers.flatMap((provider) => provider.routes.map(compile));
  compiled.sort((left, right) => right.literals - left.literals);

  return {
    match(method, path) {
      let isKnownPath = false;
      for (const { route, pattern, names } of compiled) {
        const found = pattern.exec(path);
        if (!found) continue;
        isKnownPath = true;
        if (route.method !== method) continue;
        const params = Object.fromEntries(names.map((name, index) => [name, decode(found[index + 1] ?? "")]));
        return { route, params };
      }
      if (isKnownPath) {
        throw wrappedError(405, "MethodNotAllowed", `The requested resource does not support http method '${method}'.`);
      }
      throw unknownPath(path, providers);
    },
  };
}

function compile(route: Route): CompiledRoute {
  const names: string[] = [];
  let literals = 0;
  const source = route.path
    .split("/")
    .slice(1)
    .map((segment) => {
      const placeholder = /^\{(\w+)(\*?)\}$/.exec(segment);
      if (!placeholder) {
        literals++;
        return segment.replace(/[.$]/g, "\\$&");
      }
      names.push(placeholder[1] ?? "");
      return placeholder[2] === "*" ? "(.+)" : "([^/]+)";
    });
  return { route, pattern: new RegExp(`^/${source.join("/")}/?$`, "i"), names, literals };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw wrappedError(400, "InvalidResourceName", `The path segment '${segment}' is not valid percent-encoding.`);
  }
}

/** ARM's answers for paths that no route serves; the wording tells namespace and type apart. */
function unknownPath(path: string, providers: readonly Provider[]): Error {
  const found = /\/providers\/([^/]+)(?:\/([^/]+))?/i.exec(path);
  if (!found) {
    return wrappedError(404, "InvalidResourceType", `The resource type could not be found for the path '${path}'.`);
  }
  const [, namespace = "", type = ""] = found;
  const provider = providers.find((candidate) => candidate.namespace.toLowerCase() === namespace.toLowerCase());
  if (!provider) {
    return wrappedError(404, "InvalidResourceNamespace", `The resource namespace '${namespace}' is invalid.`);
  }
  return wrappedError(
    404,
    "InvalidResourceType",
    `The resource type '${type}' could not be found in the namespace '${provider.namespace}'.`,
  );
}
