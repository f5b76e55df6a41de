/** Lines that tell what is going on: on a terminal one line that is redrawn, else plain lines. */
import { cutLine } from "./format_progress.ts";

export interface Narrator {
  say(line: string): void;
  /** Clears the redrawn line. */
  close(): void;
}

/** Seconds between plain lines: few enough not to flood a log. */
const lineSeconds = 5;
const clearLine = "\r\x1b[2K";

export function createNarrator(): Narrator {
  if (!Deno.stderr.isTerminal()) return { say: plainly(), close() {} };
  const write = (text: string) => void Deno.stderr.writeSync(new TextEncoder().encode(text));
  return {
    say: (line) => write(clearLine + cutLine(line, columns() - 1)),
    close: () => write(clearLine),
  };
}

function plainly(): (line: string) => void {
  let last = -Infinity;
  return (line) => {
    const now = performance.now() / 1000;
    if (now - last < lineSeconds) return;
    console.error(line);
    last = now;
  };
}

function columns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}
