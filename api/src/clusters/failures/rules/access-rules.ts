import { RETRY, command, edit, link } from "../../../shared/remedy.ts";
import type { Facts } from "../failure-facts.ts";
import { aksGuide, armGuide, withValue, type FailureRule } from "../failure-rule.ts";
import { grantRole, roleFor, scopeToGrant, subscriptionOption } from "../remedies.ts";
import { scopeName } from "../scope-name.ts";

const RBAC_GUIDE = "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting";

/** Of Microsoft Entra: the words say why. */
const SIGN_IN_CODES = ["AuthenticationFailed", "invalid_client", "invalid_grant", "unauthorized_client"];

function mayNot(facts: Facts): string {
  const who = withValue("The identity ", facts.objectId, "", "The identity that asked");
  return `${who} lacks the permission ${facts.action ?? "for this"}${withValue(" on ", scopeName(facts.scope))}.`;
}

function roleNeeded(facts: Facts): string {
  return ` It needs the role "${roleFor(facts.action)}"${withValue(" on ", scopeName(scopeToGrant(facts.scope, facts.action)))}.`;
}

/** Who may do what where: roles, policies, locks, sign-ins, identities. */
export const ACCESS_RULES: readonly FailureRule[] = [
  {
    name: "policy-denied",
    category: "POLICY_DENIED",
    fault: "YOURS",
    codes: ["RequestDisallowedByPolicy", "PolicyViolation", "DisallowedByPolicy"],
    words:
      /disallowed by (?:\w+ ){0,3}polic|(?:denied|blocked) by (?:an? )?azure policy|denied the request: \[azurepolicy/i,
    tell: (facts) =>
      `${withValue("The policy “", facts.policy, "”", "A policy of the subscription")} does not allow ${withValue("'", facts.resource, "'", "what was asked for")}${withValue(": ", facts.policyReasons)}. Change the request to what it allows, or ask its owner for an exemption.`,
    remedies: (facts) => [
      edit("Change the input"),
      link("Policies at Azure", "https://portal.azure.com/#view/Microsoft_Azure_Policy/PolicyMenuBlade/~/Compliance"),
      command(
        "List the policies that apply",
        "az",
        "policy",
        "assignment",
        "list",
        ...subscriptionOption(facts),
        "--output",
        "table",
      ),
      link("When a policy refuses", "https://aka.ms/aks-requestdisallowedbypolicy"),
    ],
    source: aksGuide("create-upgrade-delete/error-code-requestdisallowedbypolicy"),
  },
  {
    name: "locked",
    category: "LOCKED",
    fault: "YOURS",
    codes: ["ScopeLocked", "ResourceLocked", "CannotDeleteLock", "ReadOnlyDisabledSubscriptionLock"],
    words:
      /scope\(s\) (?:are|is) locked|following scope.{0,40}locked|because (?:of )?(?:a|the) (?:resource |delete |read-?only )?lock\b/i,
    tell: (facts) =>
      `A lock at Azure forbids it${withValue(": locked is '", facts.locks, "'")}. Take the lock away, then try again.`,
    remedies: (facts) => [
      command(
        "List the locks",
        ...["az", "lock", "list", ...subscriptionOption(facts)],
        ...(facts.resourceGroup === undefined ? [] : ["--resource-group", facts.resourceGroup]),
        ...["--output", "table"],
      ),
      link("Locks", "https://aka.ms/arm-lock"),
      RETRY,
    ],
    source: armGuide("management/lock-resources"),
  },
  {
    name: "linked-authorization",
    category: "FORBIDDEN",
    fault: "YOURS",
    codes: ["LinkedAuthorizationFailed", "LinkedAccessCheckFailed"],
    words: /does not have permission to perform action .{1,200}? on the linked scope/i,
    tell: (facts) => `${mayNot(facts)} That resource is used by the one that was asked for.${roleNeeded(facts)}`,
    remedies: (facts) => [grantRole(facts), RETRY],
    source: aksGuide("create-upgrade-delete/error-code-linkedauthorizationfailed"),
  },
  {
    name: "role-assignment-denied",
    category: "ROLE_ASSIGNMENT",
    fault: "YOURS",
    codes: ["AuthorizationFailed", "Forbidden", "RoleAssignmentDenied"],
    when: ({ action }) => /^Microsoft\.Authorization\/roleAssignments\//i.test(action ?? ""),
    words: /abac condition not fulfilled/i,
    tell: (facts) =>
      `${withValue("The identity ", facts.objectId, "", "The identity that asked")} may not grant roles${withValue(" on ", scopeName(scopeToGrant(facts.scope, facts.action)))}: that takes Owner, User Access Administrator or Role Based Access Control Administrator, without a condition that forbids this role.`,
    remedies: (facts) => [
      grantRole(facts, "Role Based Access Control Administrator"),
      link("Troubleshoot roles", RBAC_GUIDE),
      RETRY,
    ],
    source: RBAC_GUIDE,
  },
  {
    name: "role-assignment-exists",
    category: "ROLE_ASSIGNMENT",
    fault: "YOURS",
    codes: ["RoleAssignmentExists"],
    words: /role assignment already exists/i,
    tell: () => "The role is granted already: there is nothing left to do.",
    remedies: () => [RETRY],
    source: RBAC_GUIDE,
  },
  {
    name: "role-assignment-not-updatable",
    category: "ROLE_ASSIGNMENT",
    fault: "YOURS",
    codes: ["RoleAssignmentUpdateNotPermitted"],
    words: /principal id, and scope are not allowed to be updated/i,
    tell: () =>
      "A role assignment of that name belongs to another identity or scope, and those can't be changed. Delete the old one first.",
    remedies: (facts) => [
      command(
        "List the assignments",
        ...["az", "role", "assignment", "list", ...subscriptionOption(facts), "--all", "--output", "table"],
      ),
      link("Troubleshoot roles", RBAC_GUIDE),
      RETRY,
    ],
    source: RBAC_GUIDE,
  },
  {
    name: "role-assignment-limit",
    category: "QUOTA",
    fault: "YOURS",
    codes: ["RoleAssignmentLimitExceeded"],
    words: /no more role assignments can be created/i,
    tell: () => "The subscription has as many role assignments as Azure allows. Delete some that nobody needs.",
    remedies: () => [
      link("Limits of roles", "https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits"),
      RETRY,
    ],
    source: "https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits",
  },
  {
    name: "principal-not-found",
    category: "IDENTITY",
    fault: "PASSING",
    codes: ["PrincipalNotFound"],
    words: /principal \S+ does not exist in the directory/i,
    tell: (facts) =>
      `Microsoft Entra does not know the identity ${withValue("", facts.objectId, " ")}yet. A new one is known everywhere within minutes.`,
    remedies: () => [RETRY],
    source: RBAC_GUIDE,
  },
  {
    name: "application-not-found",
    category: "SIGN_IN",
    fault: "YOURS",
    refines: [...SIGN_IN_CODES, "ServicePrincipalValidationClientError"],
    words: /AADSTS700016|application with identifier \S+ was not found/i,
    tell: (facts) =>
      `Microsoft Entra does not know the application${withValue(" ", facts.application)}${withValue(" (", facts.entraCode, ")")}: it was deleted, or belongs to another tenant.`,
    remedies: () => [
      command("List the applications", "az", "ad", "app", "list", "--show-mine", "--output", "table"),
      link("Renew the credentials of a cluster", "https://learn.microsoft.com/azure/aks/update-credentials"),
      RETRY,
    ],
    source:
      "https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-AADSTS700016-application-not-found",
  },
  {
    name: "credential-expired",
    category: "SIGN_IN",
    fault: "YOURS",
    codes: [
      "InvalidClientSecret",
      "ServicePrincipalValidationClientError",
      "ServicePrincipalNotFound",
      "InvalidServicePrincipal",
    ],
    refines: SIGN_IN_CODES,
    words:
      /AADSTS7000222|AADSTS7000215|client secret (?:keys? )?(?:provided )?(?:\S+ )?(?:is|are) (?:expired|invalid)|invalid client secret|credentials? (?:has|have) expired|secret (?:has )?expired|certificate (?:has )?expired/i,
    tell: (facts) =>
      `The secret${withValue(" of the application ", facts.application)} is expired or wrong${withValue(" (", facts.entraCode, ")")}, so nobody could sign in with it. Give it a new one.`,
    remedies: (facts) => [
      command(
        "Make a new secret",
        "az",
        "ad",
        "app",
        "credential",
        "reset",
        "--id",
        facts.application ?? "<application id>",
      ),
      link("Renew the credentials of a cluster", "https://learn.microsoft.com/azure/aks/update-credentials"),
      RETRY,
    ],
    source: aksGuide("error-codes/aadsts7000222-badrequest-error"),
  },
  {
    name: "signed-out",
    category: "SIGN_IN",
    fault: "YOURS",
    codes: [
      "ExpiredAuthenticationToken",
      "InvalidAuthenticationToken",
      "InvalidAuthenticationTokenTenant",
      "InvalidAuthenticationInfo",
      ...SIGN_IN_CODES,
    ],
    words:
      /\bAADSTS\d{4,}|access token (?:expiry|has expired|is (?:missing|invalid))|signing in to azure failed|authentication (?:has )?failed\b/i,
    tell: (facts) =>
      `Slipway's own sign-in to Azure does not hold${withValue(" (", facts.entraCode, ")")}: its token or identity is expired, missing or of another tenant.`,
    remedies: () => [
      command("Sign in again where Slipway runs", "az", "login"),
      link(
        "Ways to sign in",
        "https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/credential-chains",
      ),
      RETRY,
    ],
    source: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
  },
  {
    name: "identity",
    category: "IDENTITY",
    fault: "YOURS",
    codes: [
      "MissingKubeletIdentityPermission",
      "InvalidManagedIdentity",
      "UserAssignedIdentityNotFound",
      "FailedIdentityOperation",
      "CustomKubeletIdentityMissingPermissionError",
      "ManagedIdentityNotFound",
    ],
    words:
      /(?:user.assigned|managed|kubelet) identit(?:y|ies).{0,120}(?:not (?:be )?found|does not exist|missing|invalid|not have)/i,
    tell: (facts) =>
      `The managed identity${withValue(" ", facts.identity)} can't be used: it is gone, or may not do what the cluster needs of it.`,
    remedies: (facts) => [
      command("List the identities", "az", "identity", "list", ...subscriptionOption(facts), "--output", "table"),
      link("Identities of a cluster", "https://learn.microsoft.com/azure/aks/use-managed-identity"),
      RETRY,
    ],
    source: "https://learn.microsoft.com/azure/aks/use-managed-identity",
  },
  {
    name: "deny-assignment",
    category: "FORBIDDEN",
    fault: "YOURS",
    codes: ["DenyAssignmentAuthorizationFailed"],
    words: /access is denied because of (?:the|a) deny assignment/i,
    tell: (facts) =>
      `${withValue("The deny assignment “", facts.denyAssignment, "”", "A deny assignment")} at Azure forbids it to everybody who is not named in it, whatever roles they have. Whoever made it has to make an exception.`,
    remedies: () => [
      link("Deny assignments", "https://learn.microsoft.com/azure/role-based-access-control/deny-assignments"),
      RETRY,
    ],
    source: "https://learn.microsoft.com/azure/role-based-access-control/deny-assignments",
  },
  {
    name: "graph-forbidden",
    category: "FORBIDDEN",
    fault: "YOURS",
    codes: ["Authorization_RequestDenied"],
    words: /insufficient privileges to complete the operation/i,
    tell: () =>
      "Microsoft Graph does not let Slipway's identity do this in the directory. An administrator of the tenant has to grant it.",
    remedies: () => [
      link("Permissions of Microsoft Graph", "https://learn.microsoft.com/graph/permissions-overview"),
      RETRY,
    ],
    source: "https://learn.microsoft.com/graph/errors",
  },
  {
    name: "forbidden",
    category: "FORBIDDEN",
    fault: "YOURS",
    codes: [
      "AuthorizationFailed",
      "AuthorizationPermissionMismatch",
      "InsufficientPrivileges",
      "InsufficientPermissions",
      "AuthorizationPermissionDenied",
    ],
    words:
      /does not have (?:authorization|permissions?) to perform|is not authorized to perform|lacks? (?:the )?(?:required )?permissions?/i,
    tell: (facts) => `${mayNot(facts)}${roleNeeded(facts)}`,
    remedies: (facts) => [grantRole(facts), RETRY],
    source: RBAC_GUIDE,
  },
];
