"use client";

import { Button } from "../../ui/button.tsx";
import { signOut } from "./sign-out.ts";

export function SignOutButton({ apiUrl }: { apiUrl: string }) {
  return <Button onClick={() => signOut(apiUrl)}>Sign out</Button>;
}
