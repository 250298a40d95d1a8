"use client";

import { type RefObject, useLayoutEffect, useState } from "react";

/** The width of an element in whole pixels, kept up to date with the window's; 0 while it has no layout. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const look = () => setWidth(Math.round(element.current?.clientWidth ?? 0));
    look();
    window.addEventListener("resize", look);
    return () => window.removeEventListener("resize", look);
  }, [element]);
  return width;
}
