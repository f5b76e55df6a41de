/** Follows a log of metrics while a run writes it: only what is new is read. */
import { DamagedFileError } from "./damaged_file_error.ts";
import { type MetricsRow, parseRow } from "./metrics.ts";
import { openForReading } from "./open_file.ts";
import { plainFile } from "./plain_path.ts";
import { readLines } from "./read_lines.ts";
import { MOST_WHOLE, readAt, sampleLong } from "./sample_metrics.ts";

export interface NewRows {
  readonly rows: readonly MetricsRow[];
  /** Whether earlier rows no longer count: this is the first reading, or the log was written anew. */
  readonly isAnew: boolean;
  /** Whether the rows stand for more of the log than themselves, at even distances. */
  readonly isSampled: boolean;
}

export interface FollowedMetrics {
  /**
   * The rows since the last call. A torn last line waits for its end.
   *
   * @throws RunFolderError when the log is no plain file
   * @throws DamagedFileError when a whole line is no row
   */
  newRows(): NewRows;
}

/** Rows that are read of a log with more than `MOST_WHOLE` bytes that are not known yet. */
const MOST_SAMPLED = 2000;

/** Bytes before a place by which it is known again. */
const MARK = 512;

/**
 * Begins to follow a log, which may not be there yet. A resumed run cuts its log and goes on: rows that are
 * known are then read anew.
 */
export function followMetrics(path: string): FollowedMetrics {
  let end = 0;
  let mark = "";
  return {
    newRows() {
      const size = plainFile(path)?.size ?? 0;
      const isAnew = end === 0 || size < end || markAt(path, end) !== mark;
      if (isAnew) end = 0;
      if (size === end) return { rows: [], isAnew, isSampled: false };
      const isSampled = size - end > MOST_WHOLE;
      const read = isSampled ? sampleLong(path, MOST_SAMPLED) : rowsFrom(path, end);
      end = read.end;
      mark = markAt(path, end);
      return { rows: read.rows, isAnew: isAnew || isSampled, isSampled };
    },
  };
}

/** The rows of whole lines behind a place, and the place behind the last of them. */
function rowsFrom(path: string, from: number): { rows: MetricsRow[]; end: number } {
  const rows = [];
  let end = from;
  for (const line of readLines(path, { from })) {
    if (!line.isWhole) break;
    const row = parseRow(line.text);
    if (!row) throw new DamagedFileError(path, `the line before byte ${line.end} is not a row`);
    rows.push(row);
    end = line.end;
  }
  return { rows, end };
}

/** What stands before a place, as text: it tells whether the log up to there is the one that was read. */
function markAt(path: string, end: number): string {
  if (end === 0) return "";
  const { file } = openForReading(path);
  try {
    const at = Math.max(0, end - MARK);
    return new TextDecoder().decode(readAt(file, { path, at, length: end - at }));
  } finally {
    file.close();
  }
}
