/** Lines longer than this are cut: they are no text that anybody reads. */
const LONGEST_LINE = 16_384;

/**
 * Bytes of a log as they come, turned into whole lines. Chunks may cut a character or a line anywhere; lines end with
 * \n or \r\n. `end` gives what is left when no more will come.
 */
export interface LogLines {
  push(bytes: Uint8Array): string[];
  end(): string[];
}

export function createLogLines(): LogLines {
  const decoder = new TextDecoder();
  let rest = "";
  const split = (text: string): string[] => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    return parts.map(tidy);
  };
  return {
    push: (bytes) => split(decoder.decode(bytes, { stream: true })),
    end() {
      const lines = split(decoder.decode());
      const last = rest;
      rest = "";
      return last === "" ? lines : [...lines, tidy(last)];
    },
  };
}

function tidy(line: string): string {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  return text.length > LONGEST_LINE
    ? `${text.slice(0, LONGEST_LINE)} … (${text.length - LONGEST_LINE} more characters)`
    : text;
}
