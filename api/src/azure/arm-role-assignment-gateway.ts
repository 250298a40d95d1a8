import type { RoleAssignmentGateway } from "../clusters/provisioning/role-assignment-gateway.ts";
import { AzureError } from "../shared/azure-error.ts";
import { abortable } from "./abortable.ts";
import type { ArmClients } from "./arm-clients.ts";
import { callAzure } from "./arm-errors.ts";

export function createArmRoleAssignmentGateway(clients: ArmClients): RoleAssignmentGateway {
  return {
    async assignRole({ subscriptionId, scope, roleId, principalId, name }, signal) {
      const body = {
        roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
        principalId,
        // Without it Azure looks the principal up, and a fresh identity is not found.
        // https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---assigning-a-role-to-a-new-principal-sometimes-fails
        principalType: "ServicePrincipal",
      };
      try {
        // The client puts a slash of its own before the scope.
        const bareScope = scope.replace(/^\/+/, "");
        await callAzure(() =>
          clients.authorization(subscriptionId).roleAssignments.create(bareScope, name, body, abortable(signal)),
        );
        return "created";
      } catch (error) {
        if (error instanceof AzureError && error.code === "RoleAssignmentExists") return "exists";
        throw error;
      }
    },
  };
}
