"use client";

import { Menu } from "@base-ui/react/menu";
import { CircleUser, LogOut } from "lucide-react";
import { useSession } from "../../graphql/session.tsx";
import { signOut } from "./sign-out.ts";

const ROLE_WORDS: Record<string, string> = {
  "Slipway.Viewer": "Viewer: may look",
  "Slipway.Operator": "Operator: may create and change",
  "Slipway.Admin": "Administrator",
};

/** Who is signed in, with what they may do, and the way out. Nothing without sign-in. */
export function ViewerMenu() {
  const { session, signIn } = useSession();
  if (!signIn || !session) return null;
  const { name, roles } = session.viewer;
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        aria-label={`Signed in as ${name}`}
        className="inline-flex h-8 items-center gap-1.5 rounded-control px-1.5 text-text-2 hover:bg-neutral-soft hover:text-text"
      >
        <CircleUser size={17} aria-hidden="true" />
        <span className="max-w-40 truncate text-[13px] max-md:hidden">{name}</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="z-30 outline-none">
          <Menu.Popup className="max-w-72 min-w-52 rounded-card border border-line bg-surface py-1 text-text shadow-popup outline-none">
            <div className="border-b border-line px-3 pt-1.5 pb-2">
              <p className="truncate font-semibold">{name}</p>
              <p className="text-[13px] text-text-2">{roles.map((role) => ROLE_WORDS[role] ?? role).join(", ")}</p>
            </div>
            <Menu.Item
              onClick={() => signOut(signIn.apiUrl)}
              className="flex min-h-8 cursor-default items-center gap-2.5 px-3 outline-none select-none data-highlighted:bg-accent-soft"
            >
              <LogOut size={15} aria-hidden="true" className="text-text-2" />
              Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
