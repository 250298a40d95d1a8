import type { AzureTime } from "../../shared/azure-time.ts";
import type { Clock } from "../../shared/clock.ts";
import type { AksGateway } from "../aks-gateway.ts";
import type { DurationHistory } from "../provisioning/duration-history.ts";
import type { ProvisionPublisher } from "../provisioning/provision-publisher.ts";
import type { ProvisionStore } from "../provisioning/provision-store.ts";
import type { ResourceGroupGateway } from "../provisioning/resource-group-gateway.ts";
import type { OperationPublisher } from "./operation-publisher.ts";
import type { OperationStore } from "./operation-store.ts";

/** What the steps of an operation's job work with. */
export interface OperationDeps {
  readonly store: OperationStore;
  readonly publisher: OperationPublisher;
  readonly provisions: ProvisionStore;
  readonly provisionPublisher: ProvisionPublisher;
  readonly history: DurationHistory;
  readonly aks: AksGateway;
  readonly resourceGroups: ResourceGroupGateway;
  readonly clock: Clock;
  readonly azureTime: AzureTime;
}
