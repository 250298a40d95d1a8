import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ForbiddenError, type Viewer } from "../auth/viewer.ts";
import { StoreUnavailableError } from "../storage/entity-store.ts";
import { SLIPWAY_TARGET } from "./activity-refusals.ts";
import type { ActivityService } from "./activity-service.ts";

export const ACTIVITY_EXPORT_PATH = "/activity.jsonl";

/** `GET /activity.jsonl?after=<sequence>`: every entry after that one, oldest first, one JSON object a line. For administrators. */
export interface ActivityExport {
  /** Whoever takes a copy is in the activity before the first line is sent. */
  send(viewer: Viewer, address: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export function createActivityExport(activity: ActivityService): ActivityExport {
  async function stream(pages: ReturnType<ActivityService["export"]>, response: ServerResponse): Promise<void> {
    response.writeHead(200, {
      "content-type": "application/x-ndjson; charset=utf-8",
      "content-disposition": 'attachment; filename="slipway-activity.jsonl"',
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    for await (const entries of pages) {
      if (response.destroyed) return;
      const isTaken = response.write(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
      // One page at a time, as fast as it is read; whoever leaves ends it.
      if (!isTaken) await Promise.race([once(response, "drain"), once(response, "close")]);
    }
    response.end();
  }

  return {
    async send(viewer, address, request, response) {
      const asked = new URL(request.url ?? "", "http://localhost").searchParams.get("after") ?? "0";
      if (!/^\d{1,13}$/.test(asked)) return refuse(response, 400, "INVALID_INPUT", "'after' is a sequence: 0 or more.");
      try {
        activity.requireExport(viewer);
        const open = await activity.begin(viewer, "EXPORT_ACTIVITY", SLIPWAY_TARGET, address);
        await open.end({ outcome: "ACCEPTED", started: [] });
      } catch (error) {
        const { message } = error as Error;
        if (error instanceof ForbiddenError) {
          activity.refused({ viewer, address, action: "EXPORT_ACTIVITY", code: "FORBIDDEN", message });
          return refuse(response, 403, "FORBIDDEN", message);
        }
        if (error instanceof StoreUnavailableError) return refuse(response, 503, "STORE_UNAVAILABLE", message);
        throw error;
      }
      await stream(activity.export(viewer, Number(asked)), response);
    },
  };
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
}
