/** The reader of JSON lines: one value a line. */
import type { z } from "../deps/zod.ts";
import { parseJson } from "../config/parse_json.ts";
import { errorLine } from "../config/error_line.ts";
import { firstProblem } from "../config/explain_issue.ts";
import type { SettingsSchema } from "../core/program/settings_schema.ts";
import { DamagedFileError } from "../store/files/damaged_file_error.ts";
import { type DataPath, readTextFile, sourceOf } from "./data_file.ts";
import { linesOf } from "./lines.ts";

/**
 * The values of a file with one JSON value a line (.jsonl, .ndjson), in UTF-8; empty lines are left out, and a
 * file of gzip is unpacked. At most 2 GB.
 *
 * @param schema checks each value and gives it its type, as a zod schema does; without one values are unknown.
 * @throws DamagedFileError, one line that names file and line: no JSON, a key twice, what the schema refuses.
 * @example
 * const rows = readJsonLines("words.jsonl", z.object({ word: z.string(), count: z.int() }));
 * const total = rows.reduce((sum, { count }) => sum + count, 0);
 */
export function readJsonLines<Row = unknown>(path: DataPath, schema?: SettingsSchema<Row>): Row[] {
  const source = sourceOf(path);
  const rows: Row[] = [];
  let line = 0;
  for (const text of linesOf(readTextFile(path), source)) {
    line++;
    if (text.trim() === "") continue;
    let value: unknown;
    try {
      value = parseJson(text);
      rows.push(schema ? schema.parse(value) : value as Row);
    } catch (error) {
      const problem = isZodError(error) ? firstProblem(error, value) : errorLine(error);
      throw new DamagedFileError(source, `line ${line}: ${problem}`, { cause: error });
    }
  }
  return rows;
}

/** A script may have a zod of its own, whose errors are of another class. */
const isZodError = (error: unknown): error is z.ZodError =>
  error instanceof Error && "issues" in error && Array.isArray(error.issues);
