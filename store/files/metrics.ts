/**
 * `metrics.jsonl`: rows of metrics, appended while a run trains. Each line is a JSON object
 * `{"iteration", "sequences", "seconds", <metric>: value}`. A value is one number, or an array with one for
 * each replica. NaN and infinities are the texts of `json_number.ts`.
 */
import { writeFileAtomic } from "./atomic_file.ts";
import { DamagedFileError } from "./damaged_file_error.ts";
import {
  fromJsonNumber,
  fromJsonNumbers,
  type Numbers,
  toJsonNumber,
  toJsonNumbers,
} from "./json_number.ts";
import { refuseSymlink } from "./refuse_symlink.ts";
import { writeAll } from "./write_all.ts";

export interface MetricsRow {
  /** Iterations done. */
  readonly iteration: number;
  /** Sequences seen by one replica. */
  readonly sequences: number;
  /** Training time so far, over all resumes, in seconds. */
  readonly seconds: number;
  /** Metrics by name, in the order they are shown: one number, or one for each replica. */
  readonly values: Readonly<Record<string, Numbers>>;
}

export interface MetricsLog {
  /** Writes one line. A failed write is undone, so the file keeps whole lines. */
  append(row: MetricsRow): void;
  /** Makes all lines so far durable. Call it before the checkpoint of the same iteration is written. */
  sync(): void;
  /** Syncs and closes. */
  close(): void;
}

const columns = ["iteration", "sequences", "seconds"] as const;
const reservedNames = new Set<string>([...columns, "__proto__"]);

/**
 * Opens the log for appending.
 * @param options.resumeAt iteration of the checkpoint a run resumes from: a torn last line and all
 *   rows past it are dropped first. Without it the file must not exist.
 * @throws Deno.errors.AlreadyExists when a new log is in the way
 * @throws DamagedFileError when a line other than the last is not a row
 */
export function openMetricsLog(
  path: string,
  { resumeAt }: { resumeAt?: number } = {},
): MetricsLog {
  if (resumeAt !== undefined) rewind(path, resumeAt);
  const file = Deno.openSync(path, {
    append: true,
    create: true,
    createNew: resumeAt === undefined,
  });
  const encoder = new TextEncoder();
  return {
    append(row) {
      const line = encoder.encode(formatRow(row) + "\n");
      const { size } = file.statSync();
      try {
        writeAll(file, line);
      } catch (error) {
        file.truncateSync(size);
        throw new Error(`cannot write ${path}: ${(error as Error).message}`, { cause: error });
      }
    },
    sync: () => file.syncSync(),
    close() {
      file.syncSync();
      file.close();
    },
  };
}

/**
 * All rows of a log; none when the file is missing. A torn last line is left out.
 * @throws DamagedFileError when a line other than the last is not a row
 */
export function readMetrics(path: string): MetricsRow[] {
  return readLines(path).map(({ row }) => row);
}

function formatRow({ iteration, sequences, seconds, values }: MetricsRow): string {
  const conflict = Object.keys(values).find((name) => reservedNames.has(name));
  if (conflict) throw new TypeError(`metric ${conflict} is a reserved name`);
  return JSON.stringify({
    iteration,
    sequences,
    seconds: toJsonNumber(seconds),
    ...toJsonNumbers(values),
  });
}

function parseRow(line: string): MetricsRow | undefined {
  let stored: unknown;
  try {
    stored = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return undefined;
  const numbers = new Map<string, Numbers>();
  for (const [name, value] of Object.entries(stored)) {
    const number = fromJsonNumbers(value);
    if (number === undefined) return undefined;
    numbers.set(name, number);
  }
  const [iteration, sequences, seconds] = columns.map((name) => fromJsonNumber(numbers.get(name)));
  if (iteration === undefined || sequences === undefined || seconds === undefined) return undefined;
  const values = Object.fromEntries([...numbers].filter(([name]) => !reservedNames.has(name)));
  return { iteration, sequences, seconds, values };
}

interface Line {
  readonly text: string;
  readonly row: MetricsRow;
}

function readLines(path: string): Line[] {
  if (refuseSymlink(path) === null) return [];
  const texts = Deno.readTextFileSync(path).split("\n");
  // What follows the last newline is empty, or a line that was never finished.
  texts.pop();
  const lines: Line[] = [];
  for (const [index, text] of texts.entries()) {
    const row = parseRow(text);
    if (row) lines.push({ text, row });
    else if (index < texts.length - 1) {
      throw new DamagedFileError(path, `line ${index + 1} is not a row of metrics`);
    }
  }
  return lines;
}

function rewind(path: string, iteration: number): void {
  const lines = readLines(path).filter(({ row }) => row.iteration <= iteration);
  writeFileAtomic(path, lines.map(({ text }) => text + "\n").join(""));
}
