/** Reads rows from a YAML, JSON or TOML file: settings of all rows on top, then a list of rows. */
import type { Assignment } from "../../../config/assignment.ts";
import { configAssignments } from "../../../config/config_file.ts";
import { parseConfigFile } from "../../../config/parse_config_file.ts";
import { quote } from "../../../config/plain_text.ts";
import { UsageError } from "../../../config/usage_error.ts";
import type { Draft } from "../row.ts";

export interface RowsFile {
  /** What the report is called; undefined: the file does not say. */
  readonly title: string | undefined;
  readonly shared: readonly Assignment[];
  readonly drafts: readonly Draft[];
}

/**
 * The rows of a file. A row is a group with a `name` and settings in sections, as in a config file.
 *
 *     task: { name: 2_small_palindrome }
 *     rows:
 *       - name: fast weights
 *         model: { name: ethereal, hidden_size: 32 }
 *       - name: slow weights
 *         model: { name: rnn, hidden_size: 64 }
 *         updater: { name: bptt }
 *
 * @throws UsageError, in one line that names file and row, if it cannot be read or is not of this form.
 */
export async function readRowsFile(path: string): Promise<RowsFile> {
  const content = await parseConfigFile(path, "--rows");
  const refuse = (problem: string) => new UsageError(`--rows ${path}: ${problem}`);
  if (!isGroup(content)) {
    throw refuse(`expected a group with a list of rows, got ${quote(content)}`);
  }
  const { title, rows, ...shared } = content;
  if (title !== undefined && typeof title !== "string") {
    throw refuse(`title: expected a text, got ${quote(title)}`);
  }
  if (!Array.isArray(rows) || rows.length === 0) {
    throw refuse(`rows: expected a list of rows, got ${rows === undefined ? "none" : quote(rows)}`);
  }
  return {
    title,
    shared: configAssignments(shared, `--rows ${path}`),
    drafts: rows.map((row, index) => {
      const { name, ...own } = isGroup(row) ? row : { name: undefined };
      if (typeof name !== "string" || name.trim() === "") {
        throw refuse(
          `row ${index + 1}: expected a group with a name and settings, got ${quote(row)}`,
        );
      }
      const title = name.trim();
      return { title, own: configAssignments(own, `--rows ${path}: row ${quote(title)}`) };
    }),
  };
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
