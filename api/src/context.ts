import type { ActivityService } from "./activity/activity-service.ts";
import type { Viewer } from "./auth/viewer.ts";
import type { ClusterService } from "./clusters/cluster-service.ts";
import type { OperationService } from "./clusters/operations/operation-service.ts";
import type { PreflightService } from "./clusters/preflight/preflight-service.ts";
import type { ProvisionService } from "./clusters/provisioning/provision-service.ts";
import type { BuildFeed } from "./registry/builds/build-feed.ts";
import type { BuildService } from "./registry/builds/build-service.ts";
import type { RegistryService } from "./registry/registry-service.ts";
import type { AzureTime } from "./shared/azure-time.ts";
import type { Clock } from "./shared/clock.ts";
import type { SystemService } from "./system/system-service.ts";

/** What every resolver is given; the same for a request over HTTP and an operation over a WebSocket. */
export interface GraphQLContext {
  readonly viewer: Viewer;
  /** Where the request came from. */
  readonly address: string;
  readonly services: Services;
}

export interface Services {
  readonly activity: ActivityService;
  readonly clusters: ClusterService;
  readonly preflight: PreflightService;
  readonly provisions: ProvisionService;
  readonly operations: OperationService;
  readonly registries: RegistryService;
  readonly builds: BuildService;
  readonly buildFeed: BuildFeed;
  readonly system: SystemService;
  readonly azure: { readonly mode: "EMULATOR" | "AZURE" };
  readonly azureTime: AzureTime;
  readonly clock: Clock;
}
