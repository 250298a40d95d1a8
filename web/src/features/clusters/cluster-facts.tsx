import { Card } from "../../ui/card.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Facts } from "../../ui/facts.tsx";
import type { Cluster } from "./cluster-documents.ts";
import type { ClusterDetail } from "./cluster-page-documents.ts";

/** What the cluster is. Azure's two states stand side by side: neither says it all. */
export function ClusterFacts({ cluster, page }: { cluster: Cluster; page: ClusterDetail }) {
  const credentials = `az aks get-credentials --subscription ${cluster.subscriptionId} --resource-group ${cluster.resourceGroup} --name ${cluster.name}`;
  return (
    <Card title="Cluster">
      <Facts
        facts={[
          { name: "Provisioning state", value: cluster.provisioningState },
          { name: "Power state", value: cluster.powerState },
          { name: "Kubernetes", value: cluster.kubernetesVersion },
          { name: "Location", value: cluster.location },
          { name: "Resource group", value: cluster.resourceGroup },
          { name: "Node resource group", value: page.nodeResourceGroup },
          { name: "API server", value: page.fqdn },
          { name: "Subscription", value: cluster.subscriptionId },
          { name: "Made by", value: page.isMadeBySlipway ? "Slipway" : "others, outside Slipway" },
        ]}
      />
      <div className="mt-4">
        <CopyButton text={credentials} label="Copy kubectl command" />
      </div>
    </Card>
  );
}
