"use client";

import { useEffect } from "react";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { EmptyState } from "../ui/empty-state.tsx";

interface ErrorPageProps {
  error: Error & { digest?: string };
  unstable_retry?: () => void;
  reset?: () => void;
}

/** Stands in for a page that failed to render. */
export default function ErrorPage({ error, unstable_retry: retry, reset }: ErrorPageProps) {
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <Card>
      <h1 className="sr-only">This page failed</h1>
      <EmptyState
        title="This page could not be shown"
        action={
          <Button look="primary" onClick={() => (retry ?? reset)?.()}>
            Try again
          </Button>
        }
      >
        Provisions under way are not affected. If it fails again, reload the page
        {error.digest ? ` and report error ${error.digest}` : ""}.
      </EmptyState>
    </Card>
  );
}
