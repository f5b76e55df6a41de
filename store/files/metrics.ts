/**
 * `metrics.jsonl`: rows of metrics, appended while a run trains. Each line is a JSON object
 * `{"iteration", "sequences", "seconds", <metric>: value}`. A value is one number, or an array with one for
 * each replica. NaN and infinities are the texts of `json_number.ts`.
 */
import { parseJson } from "../../config/parse_json.ts";
import { DamagedFileError } from "./damaged_file_error.ts";
import {
  fromJsonNumber,
  fromJsonNumbers,
  type Numbers,
  toJsonNumber,
  toJsonNumbers,
} from "./json_number.ts";
import { openForAppending } from "./open_file.ts";
import { plainFile } from "./plain_path.ts";
import { readLines } from "./read_lines.ts";
import { writeAll } from "./write_all.ts";
import { writing } from "./writing.ts";

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
  const file = resumeAt === undefined
    ? Deno.openSync(path, { append: true, createNew: true })
    : openAt(path, resumeAt);
  const encoder = new TextEncoder();
  return {
    append(row) {
      const line = encoder.encode(formatRow(row) + "\n");
      const { size } = file.statSync();
      writing(path, () => {
        try {
          writeAll(file, line);
        } catch (error) {
          file.truncateSync(size);
          throw error;
        }
      });
    },
    sync: () => writing(path, () => file.syncSync()),
    close() {
      try {
        writing(path, () => file.syncSync());
      } finally {
        file.close();
      }
    },
  };
}

/**
 * The rows of a log one by one, since a long run has more than memory holds; none when the file is
 * missing. A torn last line is left out.
 * @throws RunFolderError when it is no plain file
 * @throws DamagedFileError when a line other than the last is not a row
 */
export function* readMetrics(path: string): Generator<MetricsRow> {
  for (const { row } of rowsOf(path)) yield row;
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

/** The row of a line; undefined if it is none. */
export function parseRow(line: string): MetricsRow | undefined {
  let stored: unknown;
  try {
    stored = parseJson(line);
  } catch {
    return undefined;
  }
  if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return undefined;
  const { iteration, sequences, seconds, ...values } = stored as Record<string, unknown>;
  const [iterations, seen, time] = [iteration, sequences, seconds].map(fromJsonNumber);
  if (iterations === undefined || seen === undefined || time === undefined) return undefined;
  // It would set the prototype of the record.
  delete values["__proto__"];
  // A number is kept as it is, which most values are; only the others have a form of their own in JSON.
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "number") continue;
    const numbers = fromJsonNumbers(value);
    if (numbers === undefined) return undefined;
    values[name] = numbers;
  }
  return {
    iteration: iterations,
    sequences: seen,
    seconds: time,
    values: values as Record<string, Numbers>,
  };
}

/** The rows, each with the bytes of the file up to its end. */
function* rowsOf(path: string): Generator<{ row: MetricsRow; end: number }> {
  if (plainFile(path) === null) return;
  // What is no row may be the last line, cut short by a kill.
  let bad: number | undefined;
  for (const { text, number, end, isWhole } of readLines(path)) {
    if (bad !== undefined) throw new DamagedFileError(path, `line ${bad} is not a row of metrics`);
    const row = isWhole ? parseRow(text) : undefined;
    if (row) yield { row, end };
    else bad = number;
  }
}

/**
 * Opens a log behind its last row up to an iteration. What follows is cut off: rows are in the order of
 * iterations.
 */
function openAt(path: string, iteration: number): Deno.FsFile {
  let kept = 0;
  for (const { row, end } of rowsOf(path)) if (row.iteration <= iteration) kept = end;
  const file = openForAppending(path);
  try {
    if (file.statSync().size > kept) {
      writing(path, () => {
        file.truncateSync(kept);
        file.syncSync();
      });
    }
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}
