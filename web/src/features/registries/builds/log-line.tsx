import { memo } from "react";
import { classNames } from "../../../ui/class-names.ts";
import type { TextStyle } from "./ansi.ts";
import { type LogLine, partsOf } from "./build-log.ts";

interface LogLineRowProps {
  line: LogLine;
  /** Of the row in the viewer. */
  row: number;
  /** From 1. */
  number: number;
  words: string;
  withStamps: boolean;
  /** The line that the address names. */
  isTarget: boolean;
  /** The line of the match that the search stands at. */
  isCurrent: boolean;
  onPick(number: number): void;
}

/** One line of the log: its number, which is a link to share, and its text in the colours it was written in. */
export const LogLineRow = memo(function LogLineRow(props: LogLineRowProps) {
  const { line, row, number, words, withStamps, isTarget, isCurrent, onPick } = props;
  const isPlain = words === "" && line.ranges.length === 0;
  return (
    <div data-row={row} className={classNames("log-line", isTarget && "log-target", isCurrent && "log-current")}>
      <a
        href={`#L${number}`}
        aria-label={`Line ${number}`}
        className="log-number"
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onPick(number);
        }}
      >
        {number}
      </a>
      <span className="log-text">
        {isPlain
          ? line.text.slice(withStamps ? 0 : line.stampLength)
          : partsOf(line, words, withStamps).map((part, index) =>
              part.isMatch ? (
                <mark key={index} className="log-match">
                  {part.text}
                </mark>
              ) : (
                <span key={index} className={classOf(part.style)}>
                  {part.text}
                </span>
              ),
            )}
      </span>
    </div>
  );
});

function classOf(style: TextStyle | undefined): string | undefined {
  if (!style) return undefined;
  return classNames(
    style.colour !== undefined && `ansi-${style.colour}`,
    style.isFaint && "text-text-3",
    style.isBold && "font-bold",
    style.isItalic && "italic",
    style.isUnderlined && "underline",
  );
}
