export interface RoleAssignment {
  readonly subscriptionId: string;
  /** ARM id of what the role is granted on. */
  readonly scope: string;
  /** GUID of the built-in role, without its subscription. */
  readonly roleId: string;
  /** Object id of the identity that gets the role. */
  readonly principalId: string;
  /** GUID of the assignment; the same inputs give the same one, so that a repeated grant is no second one. */
  readonly name: string;
}

/** PORT: role assignments, as far as provisioning needs them. Rejects with `AzureError`; makes each request once. */
export interface RoleAssignmentGateway {
  /**
   * `exists` when the principal has the role on the scope already, under whatever name.
   * An identity that Microsoft Entra does not show yet rejects with code `PrincipalNotFound` and kind `transient`.
   */
  assignRole(assignment: RoleAssignment, signal?: AbortSignal): Promise<"created" | "exists">;
}
