"use client";

import { createContext, type ReactNode, useContext } from "react";
import { type Session, sessionQuery } from "./session-documents.ts";
import { useQueryOnConnect } from "./use-live.ts";

interface SessionFacts {
  /** Undefined until the API has answered once. */
  session: Session | undefined;
  /** Where this browser signs in and out; undefined without sign-in. */
  signIn: SignInAddress | undefined;
}

export interface SignInAddress {
  /** Of the API, without trailing slash. */
  apiUrl: string;
}

const SessionContext = createContext<SessionFacts>({ session: undefined, signIn: undefined });

interface SessionProviderProps {
  initial: Session | undefined;
  signIn: SignInAddress | undefined;
  children: ReactNode;
}

/** Who looks at the page and which Azure it is, asked again with every connection: roles may have changed meanwhile. */
export function SessionProvider({ initial, signIn, children }: SessionProviderProps) {
  const { data } = useQueryOnConnect(sessionQuery, {}, { initial });
  return <SessionContext value={{ session: data, signIn }}>{children}</SessionContext>;
}

export function useSession(): SessionFacts {
  return useContext(SessionContext);
}

/** Why these roles may begin and change nothing; undefined when they may, or when they are not known yet. */
export function readOnlyReason(roles: readonly string[] | undefined): string | undefined {
  if (!roles || roles.includes("Slipway.Operator") || roles.includes("Slipway.Admin")) return undefined;
  return "You may look. Doing this needs the role Slipway.Operator.";
}

/** Why these roles may not see how Slipway itself is; undefined when they may, or when they are not known yet. */
export function notAdminReason(roles: readonly string[] | undefined): string | undefined {
  if (!roles || roles.includes("Slipway.Admin")) return undefined;
  return "How Slipway itself is, only administrators see. It needs the role Slipway.Admin.";
}
