/** Status lines on stderr: one redrawn line on a terminal, else plain lines now and then. */
import { cutLine } from "./format_progress.ts";
import { consoleSize, writeStderr } from "./terminal.ts";

export interface Narrator {
  /** Shows what is being done now. Cheap: lines that come too fast are dropped. */
  say(line: string): void;
  /** Clears the redrawn line. */
  close(): void;
}

/** Seconds between plain lines, so that they do not flood a log. */
const lineSeconds = 5;
const clearLine = "\r\x1b[2K";

export function createNarrator(): Narrator {
  if (!Deno.stderr.isTerminal()) return { say: plainLines(), close() {} };
  return {
    say: (line) => writeStderr(clearLine + cutLine(line, consoleSize().columns - 1)),
    close: () => writeStderr(clearLine),
  };
}

function plainLines(): (line: string) => void {
  let last = -Infinity;
  return (line) => {
    const now = performance.now() / 1000;
    if (now - last < lineSeconds) return;
    console.error(line);
    last = now;
  };
}
