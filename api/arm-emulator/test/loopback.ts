import type { TokenCredential } from "@azure/core-auth";
import { createDefaultHttpClient } from "@azure/core-rest-pipeline";
import type { HttpClient } from "@azure/core-rest-pipeline";

/**
 * The last hop of an Azure SDK client, led to the emulator. Everything above it stays as in production: the client keeps
 * its https endpoint, because its bearer policy refuses anything else, and the emulator is told the host that was meant.
 */
export function loopbackHttpClient(emulatorUrl: string): HttpClient {
  const inner = createDefaultHttpClient();
  const { origin } = new URL(emulatorUrl);
  return {
    async sendRequest(request) {
      const original = request.url;
      const url = new URL(original);
      request.headers.set("x-emu-host", url.host);
      request.url = origin + url.pathname + url.search;
      request.allowInsecureConnection = true;
      try {
        return await inner.sendRequest(request);
      } finally {
        request.url = original;
      }
    },
  };
}

/** A token for whoever asks; the emulator reads no token. */
export const ANY_CREDENTIAL: TokenCredential = {
  getToken: () => Promise.resolve({ token: "any", expiresOnTimestamp: Date.now() + 3_600_000 }),
};
