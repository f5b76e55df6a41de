/**
 * Shows the progress of running jobs on stderr. A terminal gets a block that is redrawn; a log file gets
 * plain lines now and then.
 */
import { cutLine } from "../../store/progress/format_progress.ts";
import type { ProgressMode } from "../../store/progress/progress.ts";
import { consoleSize, writeStderr } from "../../store/progress/terminal.ts";

export type DisplayMode = Exclude<ProgressMode, "json">;
export const displayModes = [
  "auto",
  "tty",
  "line",
  "none",
] as const satisfies readonly DisplayMode[];

export interface DisplayOptions {
  readonly mode?: DisplayMode;
  readonly write?: (text: string) => void;
  readonly isTerminal?: () => boolean;
  readonly consoleSize?: () => { readonly columns: number; readonly rows: number };
}

export interface JobsDisplay {
  /** Seconds between two blocks; undefined: no blocks are shown. */
  readonly interval: number | undefined;
  /** Shows a block; on a terminal it replaces the one before. */
  show(lines: readonly string[]): void;
  /** Shows a message that stays, in place of the block. Also in mode none. */
  message(text: string): void;
  /** Removes the block. */
  close(): void;
}

/** Starts with an empty block. */
export function createJobsDisplay(options: DisplayOptions = {}): JobsDisplay {
  const {
    mode: choice = "auto",
    write = writeStderr,
    isTerminal = () => Deno.stderr.isTerminal(),
    consoleSize: sizeOf = consoleSize,
  } = options;
  const mode = choice === "auto" ? (isTerminal() ? "tty" : "line") : choice;
  let block: readonly string[] = [];
  // The cursor stays at the end of the last line of the block.
  const erase = () =>
    block.length === 0 ? "" : `\r${block.length > 1 ? `\x1b[${block.length - 1}A` : ""}\x1b[J`;
  const text = (line: string) => line.replaceAll(/\p{Cc}/gu, "?");
  return {
    interval: { tty: 1, line: 30, none: undefined }[mode],
    show(lines) {
      if (mode === "line") write(lines.map((line) => `${text(line)}\n`).join(""));
      if (mode !== "tty") return;
      const { columns, rows } = sizeOf();
      const old = erase();
      // One line and one column stay free: a full one would scroll or wrap on some terminals.
      block = fit(lines, Math.max(2, rows - 1)).map((line) => cutLine(text(line), columns - 1));
      write(old + block.join("\n"));
    },
    message(line) {
      // The next block follows soon; the old one may no longer be true.
      write(`${erase()}${text(line)}\n`);
      block = [];
    },
    close() {
      if (block.length > 0) write(erase());
      block = [];
    },
  };
}

/** As many lines as fit. The last line is a summary, and always shown. */
function fit(lines: readonly string[], limit: number): string[] {
  if (lines.length <= limit) return [...lines];
  const hidden = lines.length - limit + 1;
  return [...lines.slice(0, limit - 2), `... and ${hidden} more`, lines.at(-1)!];
}
