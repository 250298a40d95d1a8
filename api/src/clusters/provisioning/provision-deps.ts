import type { AzureTime } from "../../shared/azure-time.ts";
import type { Clock } from "../../shared/clock.ts";
import type { AksGateway } from "../aks-gateway.ts";
import type { Preflight } from "../preflight/preflight.ts";
import type { ProvisionPublisher } from "./provision-publisher.ts";
import type { ProvisionStore } from "./provision-store.ts";
import type { ResourceGroupGateway } from "./resource-group-gateway.ts";
import type { RoleAssignmentGateway } from "./role-assignment-gateway.ts";
import type { UsualDurations } from "./usual-duration.ts";

/** What the steps of the provision job work with. */
export interface ProvisionDeps {
  readonly store: ProvisionStore;
  readonly publisher: ProvisionPublisher;
  readonly usualDurations: UsualDurations;
  readonly aks: AksGateway;
  readonly resourceGroups: ResourceGroupGateway;
  readonly roleAssignments: RoleAssignmentGateway;
  readonly preflight: Pick<Preflight, "run">;
  readonly clock: Clock;
  readonly azureTime: AzureTime;
}
