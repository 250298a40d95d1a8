"use client";

import { useState } from "react";

interface LongTextProps {
  text: string;
  /** More than about three lines of it where it stands. @default 220 */
  longCharacters?: number;
}

/** Text that may be very long, such as Azure's error messages: three lines of it, and the rest on demand. */
export function LongText({ text, longCharacters = 220 }: LongTextProps) {
  const [isOpen, setIsOpen] = useState(false);
  if (text.length <= longCharacters) return <span className="[overflow-wrap:anywhere]">{text}</span>;
  return (
    <>
      <span className={isOpen ? "[overflow-wrap:anywhere]" : "line-clamp-3 [overflow-wrap:anywhere]"}>{text}</span>
      <button type="button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)} className="link min-h-6">
        {isOpen ? "Show less" : "Show all"}
      </button>
    </>
  );
}
