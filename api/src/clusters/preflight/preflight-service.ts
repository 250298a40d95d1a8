import { requirePermission, type Viewer } from "../../auth/viewer.ts";
import type { ProvisionRequest } from "../provisioning/provision-input.ts";
import type { Preflight, PreflightFindings } from "./preflight.ts";

export interface PreflightService {
  /** Starts and changes nothing. @throws ForbiddenError */
  run(viewer: Viewer, request: ProvisionRequest): Promise<PreflightFindings>;
  /** The same, as it comes. @throws ForbiddenError */
  watch(viewer: Viewer, request: ProvisionRequest): AsyncIterable<PreflightFindings>;
}

export function createPreflightService(preflight: Preflight): PreflightService {
  return {
    async run(viewer, request) {
      requirePermission(viewer, "clusters:read");
      return preflight.run(request);
    },
    watch(viewer, request) {
      requirePermission(viewer, "clusters:read");
      return preflight.watch(request);
    },
  };
}
