import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { routes } from "../../lib/routes.ts";

export const metadata: Metadata = { title: "Sign in" };

/** Seen by nobody: whoever is not let in gets the frame's own screen at every address, and whoever is has nothing to do here. */
export default function SignInPage() {
  redirect(routes.home());
}
