"use client";

import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from "react";
import { type RowWindow, rowOffsets, rowWindow } from "./row-window.ts";

const OVERSCAN_ROWS = 8;
/** Height of a view that has no layout yet, such as while the server renders. */
const UNKNOWN_VIEW_PX = 800;

interface RowWindowOptions {
  count: number;
  /** Tells rows apart: measured heights follow the key. */
  keyOf(index: number): string | number;
  /** Height of a row that has not been measured, in pixels. */
  estimate(index: number): number;
  /** Changes when all measured heights are void, such as with the width of the view. */
  layoutKey: string;
  /** All rows are rendered and none is measured: the list is short enough. */
  isWhole?: boolean;
  /** The element that holds the rows; each rendered row is marked with `data-row={index}`. */
  list: RefObject<HTMLElement | null>;
  /** The element that scrolls; the page itself when left out. */
  scroller?: RefObject<HTMLElement | null>;
}

export interface RowWindowState extends RowWindow {
  /** Top of a row within the list, in pixels. */
  offsetOf(index: number): number;
}

/**
 * Renders a long list by its visible part alone. Rows stay in the normal flow between two spacers, so the browser's own scroll anchoring keeps
 * what is read in place when rows above turn out higher than was guessed.
 */
export function useRowWindow({
  count,
  keyOf,
  estimate,
  layoutKey,
  isWhole,
  list,
  scroller,
}: RowWindowOptions): RowWindowState {
  const heights = useRef(new Map<string | number, number>());
  const [view, setView] = useState({ top: 0, height: UNKNOWN_VIEW_PX });
  const [measured, setMeasured] = useState(0);
  const [knownLayout, setKnownLayout] = useState(layoutKey);
  if (knownLayout !== layoutKey) {
    setKnownLayout(layoutKey);
    heights.current.clear();
  }
  const offsets = useMemo(
    () => rowOffsets(count, (index) => heights.current.get(keyOf(index)) ?? estimate(index)),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- heights are read through a ref, `measured` says that they changed
    [count, keyOf, estimate, measured, layoutKey],
  );
  const window_ = rowWindow(offsets, view.top, view.height, isWhole ? count : OVERSCAN_ROWS);

  useLayoutEffect(() => {
    const element = scroller?.current;
    const look = () => {
      const top = element ? element.scrollTop : -(list.current?.getBoundingClientRect().top ?? 0);
      const height = (element ? element.clientHeight : window.innerHeight) || UNKNOWN_VIEW_PX;
      setView((before) => (before.top === top && before.height === height ? before : { top, height }));
    };
    look();
    const target = element ?? window;
    target.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      target.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    };
  }, [list, scroller]);

  // oxlint-disable-next-line react-hooks/exhaustive-deps -- any render may change a height; it settles, since equal heights set nothing
  useLayoutEffect(() => {
    if (isWhole) return;
    let isChanged = false;
    for (const row of list.current?.querySelectorAll<HTMLElement>("[data-row]") ?? []) {
      const index = Number(row.dataset["row"]);
      const key = keyOf(index);
      const height = row.getBoundingClientRect().height;
      // A guess that was right needs no second rendering.
      if (height === 0 || Math.abs((heights.current.get(key) ?? estimate(index)) - height) <= 0.5) continue;
      heights.current.set(key, height);
      isChanged = true;
    }
    if (isChanged) setMeasured((times) => times + 1);
  });

  return { ...window_, offsetOf: (index) => offsets[Math.min(index, count)] ?? 0 };
}
