"use client";

import { useState } from "react";

const LONG_CHARACTERS = 220;

/** Text that may be very long, such as Azure's error messages: three lines of it, and the rest on demand. */
export function LongText({ text }: { text: string }) {
  const [isOpen, setIsOpen] = useState(false);
  if (text.length <= LONG_CHARACTERS) return <span className="[overflow-wrap:anywhere]">{text}</span>;
  return (
    <>
      <span className={isOpen ? "[overflow-wrap:anywhere]" : "line-clamp-3 [overflow-wrap:anywhere]"}>{text}</span>
      <button type="button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)} className="link min-h-6">
        {isOpen ? "Show less" : "Show all"}
      </button>
    </>
  );
}
