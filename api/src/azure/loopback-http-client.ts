import { createDefaultHttpClient } from "@azure/core-rest-pipeline";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { AzureTime } from "../shared/azure-time.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Leads the last hop to the emulator. Everything above stays as with Azure: the clients keep their https addresses, because
 * their sign-in refuses any other, and the emulator is told the host that was meant and builds its links from it.
 * The emulator's speed and time, which come with each answer, go to `azureTime`.
 * @throws RangeError when `emulatorUrl` is not on this machine.
 */
export function createLoopbackHttpClient(emulatorUrl: string, azureTime: AzureTime): HttpClient {
  const target = URL.canParse(emulatorUrl) ? new URL(emulatorUrl) : undefined;
  if (target?.protocol !== "http:" || !LOOPBACK.test(target.hostname)) {
    throw new RangeError(
      `The emulator's address '${emulatorUrl}' is not on this machine. Use one like http://127.0.0.1:4100.`,
    );
  }
  const inner = createDefaultHttpClient();
  let lastSpeed: string | undefined;

  return {
    async sendRequest(request) {
      const original = request.url;
      const meant = new URL(original);
      request.headers.set("x-emu-host", meant.host);
      request.url = target.origin + meant.pathname + meant.search;
      request.allowInsecureConnection = true;
      try {
        const response = await inner.sendRequest(request);
        const speed = response.headers.get("x-emulator-speed");
        if (speed !== undefined && speed !== lastSpeed && Number.isFinite(Number(speed))) {
          lastSpeed = speed;
          azureTime.setScale(Number(speed));
        }
        const now = Number(response.headers.get("x-emulator-now") ?? Number.NaN);
        if (Number.isFinite(now)) azureTime.setClock(now, Date.now());
        return response;
      } finally {
        request.url = original;
      }
    },
  };
}
