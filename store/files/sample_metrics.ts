/** Rows of a log of metrics at even distances: enough for a curve, however long the log is. */
import { decodeText } from "../../config/decode_text.ts";
import { DamagedFileError } from "./damaged_file_error.ts";
import { type MetricsRow, parseRow, readMetrics } from "./metrics.ts";
import { openForReading, readUpTo } from "./open_file.ts";
import { plainFile } from "./plain_path.ts";
import { longestLine } from "./read_lines.ts";

export interface MetricsSample {
  /** In the order of the log, the first and the last row of it among them. */
  readonly rows: readonly MetricsRow[];
  /** Whether the log has no other rows. */
  readonly isWhole: boolean;
}

/** Rows of a long log, and the bytes of it up to the end of the last one. */
export interface LongSample {
  readonly rows: readonly MetricsRow[];
  readonly end: number;
}

const MB = 1024 ** 2;
/** Length up to which all of a log is read. */
export const MOST_WHOLE = 4 * MB;
/** Bytes that are read of a longer one, about: lines of many replicas are long. */
const MOST_BYTES = 16 * MB;

const newline = 10;

/**
 * At most `most` rows of a log; none if the file is missing. Rows of a log are about equally long, so those at
 * even distances in bytes are about as evenly spread over the training. A torn last line is left out.
 *
 * @throws RunFolderError when it is no plain file
 * @throws DamagedFileError when a line that is read, other than the last, is not a row
 */
export function sampleMetrics(
  path: string,
  { most = 1000 }: { most?: number } = {},
): MetricsSample {
  const info = plainFile(path);
  if (info === null) return { rows: [], isWhole: true };
  if (info.size > MOST_WHOLE) return { rows: sampleLong(path, most).rows, isWhole: false };
  const rows = [...readMetrics(path)];
  if (rows.length <= most) return { rows, isWhole: true };
  const stretch = (rows.length - 1) / (most - 1);
  const kept = Array.from({ length: most }, (_, index) => rows[Math.round(index * stretch)]!);
  return { rows: kept, isWhole: false };
}

/** A whole line, and where it begins. */
interface Line {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** At most `most` rows at even distances of a log that is there. @throws as `sampleMetrics`. */
export function sampleLong(path: string, most: number): LongSample {
  const { file, size } = openForReading(path);
  try {
    const log: Log = { size, read: (at, length) => readAt(file, { path, at, length }) };
    const first = lineFrom(log, 0);
    const last = lastLine(log);
    if (!first || !last) return { rows: [], end: 0 };
    const rows = [];
    const step = size / Math.max(2, Math.min(most - 1, MOST_BYTES / first.bytes.length));
    for (let line: Line | undefined = first, at = 0; line && line.start < last.start;) {
      rows.push(rowOf(line, path));
      at += step;
      // A long line may cover the next place too.
      while (at <= line.start) at += step;
      line = at < last.start ? lineFrom(log, Math.floor(at), first.bytes.length) : undefined;
    }
    rows.push(rowOf(last, path));
    return { rows, end: last.start + last.bytes.length + 1 };
  } finally {
    file.close();
  }
}

interface Log {
  readonly size: number;
  readonly read: (at: number, length: number) => Uint8Array;
}

/** The bytes of an open file from a place on, fewer if it ends before. */
export function readAt(
  file: Deno.FsFile,
  { path, at, length }: { path: string; at: number; length: number },
): Uint8Array {
  file.seekSync(at, Deno.SeekMode.Start);
  return readUpTo(file, { path, length });
}

/** The first whole line that begins at or behind a place; undefined if none does. */
function lineFrom({ size, read }: Log, place: number, typical = 4096): Line | undefined {
  // The newline before may be the last byte before the place.
  const from = Math.max(0, place - 1);
  for (let length = 2 * typical + 2;; length *= 2) {
    const bytes = read(from, length);
    const start = place === 0 ? 0 : bytes.indexOf(newline) + 1;
    const end = start === 0 && place > 0 ? -1 : bytes.indexOf(newline, start);
    if (end >= 0) return { start: from + start, bytes: bytes.subarray(start, end) };
    if (from + length >= size || length > 4 * longestLine) return undefined;
  }
}

/** The last whole line of a log. */
function lastLine({ size, read }: Log): Line | undefined {
  for (let length = Math.min(size, 65_536);; length = Math.min(size, 2 * length)) {
    const from = size - length;
    const bytes = read(from, length);
    const end = bytes.lastIndexOf(newline);
    const start = end <= 0 ? -1 : bytes.lastIndexOf(newline, end - 1);
    if (start >= 0 || length === size && end > 0) {
      return { start: from + start + 1, bytes: bytes.subarray(start + 1, end) };
    }
    if (length === size || length > 4 * longestLine) return undefined;
  }
}

function rowOf({ start, bytes }: Line, path: string): MetricsRow {
  const row = parseRow(decodeText(bytes));
  if (row) return row;
  throw new DamagedFileError(path, `the line at byte ${start} is not a row of metrics`);
}
