import Link from "next/link";
import type { ComponentProps } from "react";

/** A link inside of Slipway. It is not fetched ahead: pages are rendered from live data, so a copy made earlier would cost the API a request and be old. */
export function InternalLink(props: ComponentProps<typeof Link>) {
  return <Link prefetch={false} {...props} />;
}
