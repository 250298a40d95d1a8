import type { Metadata } from "next";
import { routes } from "../lib/routes.ts";
import { LinkButton } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { EmptyState } from "../ui/empty-state.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <Card>
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        title="There is nothing at this address"
        action={<LinkButton href={routes.home()}>Back to clusters</LinkButton>}
      >
        It may have been mistyped, or it names something that this Slipway has no record of.
      </EmptyState>
    </Card>
  );
}
