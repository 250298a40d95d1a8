"use client";

import { useEffect } from "react";
import { APP_ICON, svgUrl } from "../../lib/app-icon.ts";
import type { Progress } from "./provision-documents.ts";
import { isTerminal } from "./provision-state.ts";
import { tabTitle } from "./provision-words.ts";

const COLOURS = { running: "#0f6cbd", SUCCEEDED: "#0e700e", FAILED: "#b10e1c", CANCELED: "#5f6772" };
const SHAPES = {
  running: "M16 7a9 9 0 1 1-9 9",
  SUCCEEDED: "m9 17 5 5 9-11",
  FAILED: "m10 10 12 12m0-12-12 12",
  CANCELED: "M9 16h14",
};

/** Shows a watched provision in the tab itself, title and icon, while the component is there. */
export function useTabMark(clusterName: string | undefined, progress: Progress | undefined): void {
  const title = clusterName && progress ? tabTitle(clusterName, progress) : undefined;
  const mark = progress ? markOf(progress.status) : undefined;

  useEffect(() => {
    if (!title) return;
    const show = () => {
      if (document.title !== title) document.title = title;
    };
    show();
    // Next puts the page's own title in when the page has streamed in, which may be later. It also puts the next page's title in.
    const observer = new MutationObserver(show);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, [title]);

  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel~="icon"]');
    if (!mark || !link) return;
    link.href = iconOf(mark);
    return () => {
      link.href = APP_ICON;
    };
  }, [mark]);
}

function markOf(status: Progress["status"]): keyof typeof COLOURS {
  return isTerminal(status) ? (status as keyof typeof COLOURS) : "running";
}

function iconOf(mark: keyof typeof COLOURS): string {
  return svgUrl(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="${COLOURS[mark]}"/><path d="${SHAPES[mark]}" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></svg>`,
  );
}
