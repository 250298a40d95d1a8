import { AppError } from "../shared/app-error.ts";

/** Whoever a request is made for, and what they may do. Part of every request's context, over HTTP and WebSocket alike. */
export interface Viewer {
  /** Stable; owns idempotency keys. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** As Entra ID's app roles name them, least first. */
export const ROLES = ["Slipway.Viewer", "Slipway.Operator", "Slipway.Admin"] as const;
export type Role = (typeof ROLES)[number];

export type Permission =
  | "access:read"
  | "activity:read"
  | "clusters:read"
  | "clusters:write"
  | "registries:read"
  | "registries:build"
  | "system:read";

const PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  "Slipway.Viewer": ["activity:read", "clusters:read", "registries:read"],
  "Slipway.Operator": ["activity:read", "clusters:read", "clusters:write", "registries:read", "registries:build"],
  "Slipway.Admin": [
    "access:read",
    "activity:read",
    "clusters:read",
    "clusters:write",
    "registries:read",
    "registries:build",
    "system:read",
  ],
};

/** The one viewer while nobody has to sign in: only ever on a loopback address. */
export const LOCAL_VIEWER: Viewer = { id: "local", name: "Local operator", roles: ["Slipway.Admin"] };

/** Whoever may do nothing, for requests that need nobody: a browser asking what it may send. */
export const NOBODY: Viewer = { id: "nobody", name: "Nobody", roles: [] };

/** Equal for viewers who may see and do the same. */
export function rightsOf(viewer: Viewer): string {
  return viewer.roles.toSorted().join(" ");
}

/** Slipway itself, where a job looks at what people look at. Owns nothing and is never let in from outside. */
export const SLIPWAY_VIEWER: Viewer = { id: "slipway", name: "Slipway", roles: ["Slipway.Viewer"] };

export function may(viewer: Viewer, permission: Permission): boolean {
  return viewer.roles.some((role) => PERMISSIONS[role].includes(permission));
}

/** The viewer lacks a permission. Nothing was read or written. */
export class ForbiddenError extends AppError {
  constructor(permission: Permission) {
    const role = (Object.keys(PERMISSIONS) as Role[]).find((candidate) => PERMISSIONS[candidate].includes(permission));
    super(
      "FORBIDDEN",
      `You may not do this: it needs the role ${role ?? "of an administrator"}. Ask whoever manages Slipway's roles for it.`,
    );
  }
}

/** @throws ForbiddenError */
export function requirePermission(viewer: Viewer, permission: Permission): void {
  if (!may(viewer, permission)) throw new ForbiddenError(permission);
}
