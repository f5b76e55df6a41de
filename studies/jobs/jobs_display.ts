/**
 * What is known of running jobs on stderr: a terminal gets a block that is redrawn, a log file plain
 * lines now and then.
 */
import { cutLine } from "../../store/progress/format_progress.ts";
import type { ProgressMode } from "../../store/progress/progress.ts";

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
  /** Seconds between two blocks; undefined: none are shown. */
  readonly interval: number | undefined;
  /** Shows what is known now, in place of what was shown before on a terminal. */
  show(lines: readonly string[]): void;
  /** Shows a message that stays, in place of the block. Also in mode none. */
  message(text: string): void;
  /** Removes the block. */
  close(): void;
}

export function createJobsDisplay(options: DisplayOptions = {}): JobsDisplay {
  const { write = writeStderr, isTerminal = () => Deno.stderr.isTerminal(), consoleSize = size } =
    options;
  const asked = options.mode ?? "auto";
  const mode = asked === "auto" ? (isTerminal() ? "tty" : "line") : asked;
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
      const { columns, rows } = consoleSize();
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

/** The last line sums up and is always kept. */
function fit(lines: readonly string[], most: number): string[] {
  if (lines.length <= most) return [...lines];
  const hidden = lines.length - most + 1;
  return [...lines.slice(0, most - 2), `... and ${hidden} more`, lines.at(-1)!];
}

function size(): { columns: number; rows: number } {
  try {
    const { columns, rows } = Deno.consoleSize();
    return { columns: columns || 80, rows: rows || 24 };
  } catch {
    return { columns: 80, rows: 24 };
  }
}

function writeStderr(text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let done = 0; done < bytes.length;) done += Deno.stderr.writeSync(bytes.subarray(done));
  } catch {
    // A reader that went away must not end the experiment.
  }
}
