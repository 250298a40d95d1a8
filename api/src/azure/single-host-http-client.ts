import type { HttpClient } from "@azure/core-rest-pipeline";
import { UntrustedOperationError } from "../shared/azure-error.ts";

/**
 * For a client that speaks to one registry: its pages and redirects may name any address, and each would get the registry's token.
 * Rejects with UntrustedOperationError, nothing sent, when another host is asked.
 */
export function createSingleHostHttpClient(host: string, inner: HttpClient): HttpClient {
  const only = host.toLowerCase();
  return {
    async sendRequest(request) {
      const asked = new URL(request.url).host;
      if (asked !== only)
        throw new UntrustedOperationError(
          `A request to ${asked} was refused: it would have carried the token for ${only}.`,
        );
      return inner.sendRequest(request);
    },
  };
}
