/**
 * Progress of a run on stderr. A terminal gets one redrawn line. A log file gets a plain line every half
 * minute or twentieth of the run: it stays short, and shows that the run is alive.
 */
import {
  cutLine,
  formatProgress,
  progressFraction,
  type ProgressPace,
  type ProgressSnapshot,
} from "./format_progress.ts";
import { toJsonNumber, toJsonNumbers } from "../files/json_number.ts";
import { createPaceMeter } from "./pace_meter.ts";
import { consoleSize, writeStderr } from "./terminal.ts";

/** How progress is shown; `auto` is `tty` (one redrawn line) on a terminal, else `line`. */
export type ProgressMode = "auto" | "tty" | "line" | "json" | "none";

export const progressModes = ["auto", "tty", "line", "json", "none"] as const satisfies readonly (
  ProgressMode
)[];

export interface ProgressOptions {
  readonly mode?: ProgressMode;
  /** Where a resumed run starts. */
  readonly start?: { readonly iteration: number };
  /** Receives the text to write, line ends included. */
  readonly write?: (text: string) => void;
  readonly isTerminal?: () => boolean;
  /** Width of the console. */
  readonly columns?: () => number;
  /** Monotonic time in seconds. */
  readonly clock?: () => number;
}

export interface ProgressReporter {
  /** Shows a snapshot if the last one is old enough. Cheap: call it after every chunk. */
  update(snapshot: ProgressSnapshot): void;
  /** Shows a message on a line of its own, above the redrawn line. Also in mode none. */
  message(text: string): void;
  /** Shows the last snapshot if it was skipped, and ends the redrawn line. */
  finish(): void;
}

const redrawSeconds = 0.1;
const lineSeconds = 30;
const lineFraction = 0.05;
const clearLine = "\r\x1b[2K";

/**
 * Starts reporting; the pace is measured from the first update on.
 *
 *     const progress = createProgress({ mode: "line" });
 *     progress.update({ iteration: 100, iterations: 5000, sequences: 400, seconds: 1.5, values: { loss: 2 } });
 */
export function createProgress(options: ProgressOptions = {}): ProgressReporter {
  const {
    start = { iteration: 0 },
    write = writeStderr,
    isTerminal = () => Deno.stderr.isTerminal(),
    columns = () => consoleSize().columns,
    clock = () => performance.now() / 1000,
  } = options;
  const { mode: choice = "auto" } = options;
  const mode = choice === "auto" ? (isTerminal() ? "tty" : "line") : choice;
  const pace = createPaceMeter(start);
  let shown: { at: number; fraction: number } | undefined;
  let last: ProgressSnapshot | undefined;
  let isPending = false;
  let drawn = "";

  const isTime = (fraction: number) => {
    if (!shown) return true;
    const elapsed = clock() - shown.at;
    if (mode === "tty") return elapsed >= redrawSeconds;
    return elapsed >= lineSeconds || fraction - shown.fraction >= lineFraction;
  };
  const show = (snapshot: ProgressSnapshot) => {
    const now = pace.pace(snapshot.iterations);
    if (mode === "json") write(jsonLine(snapshot, now));
    else if (mode === "line") write(formatProgress(snapshot, now) + "\n");
    else if (mode === "tty") {
      // One column stays free: a full line would wrap on some terminals.
      drawn = cutLine(formatProgress(snapshot, now), columns() - 1);
      write(clearLine + drawn);
    }
    shown = { at: clock(), fraction: progressFraction(snapshot) };
    isPending = false;
  };

  return {
    update(snapshot) {
      if (mode === "none") return;
      pace.add({ ...snapshot, seconds: clock() });
      last = snapshot;
      isPending = true;
      if (isTime(progressFraction(snapshot))) show(snapshot);
    },
    message(text) {
      write(drawn ? `${clearLine}${text}\n${drawn}` : `${text}\n`);
    },
    finish() {
      if (isPending && last) show(last);
      if (drawn) write("\n");
      drawn = "";
    },
  };
}

function jsonLine(snapshot: ProgressSnapshot, pace: ProgressPace): string {
  const { iteration, iterations, sequences, seconds, values } = snapshot;
  const { sequencesPerSecond: rate, secondsLeft: left } = pace;
  return JSON.stringify({
    iteration,
    iterations,
    sequences,
    seconds: toJsonNumber(seconds),
    sequences_per_second: rate === undefined ? null : toJsonNumber(rate),
    seconds_left: left === undefined ? null : toJsonNumber(left),
    values: toJsonNumbers(values),
  }) + "\n";
}
