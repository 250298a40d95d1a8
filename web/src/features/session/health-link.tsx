"use client";

import { notAdminReason, useSession } from "../../graphql/session.tsx";
import { routes } from "../../lib/routes.ts";
import { ClosedSection, SectionLink } from "./section-link.tsx";

/** The way to how Slipway itself is; closed, with the reason, to whoever is no administrator. */
export function HealthLink() {
  const reason = notAdminReason(useSession().session?.viewer.roles);
  if (reason !== undefined) return <ClosedSection reason={reason}>Health</ClosedSection>;
  return (
    <SectionLink href={routes.health()} within={["/health"]}>
      Health
    </SectionLink>
  );
}
