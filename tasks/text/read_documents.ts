/** The documents of files, one after another. */
import { brotliDecompressSync } from "node:zlib";
import { SettingError } from "../../core/training/setting_error.ts";
import { csvRecords } from "../../formats/csv_records.ts";
import { fileLines } from "../../formats/file_lines.ts";
import { parquetTexts } from "../../formats/parquet_texts.ts";

/** How documents are told apart. */
export interface DocumentOptions {
  /** Name of the task, for errors. */
  readonly task: string;
  /** The column of a table that is asked for; undefined: as published, the only one, or "text". */
  readonly column: string | undefined;
  /** The column that the publishers of a table say. */
  readonly publishedColumn?: string | undefined;
  /** What a document of a .txt is. */
  readonly documents: "lines" | "paragraphs";
}

/**
 * The documents of a file as it has them; empty ones too.
 *
 * @throws SettingError if a table has no such column; RangeError, a line that names the file, if it cannot be read.
 */
export function* readDocuments(
  path: string | URL,
  options: DocumentOptions,
): Generator<string> {
  try {
    yield* documentsOf(path, options);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RangeError(`${path}: ${error.message}`, { cause: error });
  }
}

function documentsOf(path: string | URL, options: DocumentOptions): Iterable<string> {
  const name = String(path);
  requireUse(name, options);
  const choose = (names: readonly string[]) => chooseColumn(names, options);
  if (name.endsWith(".br")) return unpackedLines(path);
  if (name.endsWith(".parquet")) return parquetTexts(path, choose);
  const [, kind] = /\.([a-z]+)(?:\.gz)?$/.exec(name)!;
  const lines = fileLines(path);
  if (kind === "txt") return options.documents === "lines" ? lines : paragraphs(lines);
  return kind === "jsonl" || kind === "ndjson"
    ? jsonTexts(lines, choose)
    : csvTexts(lines, kind === "tsv" ? "\t" : ",", choose);
}

const isPlainText = (name: string): boolean => /\.(br|txt|txt\.gz)$/.test(name);

/** @throws SettingError for a column of what is no table, or paragraphs of what has none. */
function requireUse(name: string, { task, column, documents }: DocumentOptions): void {
  if (column !== undefined && isPlainText(name)) {
    throw new SettingError(
      { task, key: "column" },
      "none, since the data set is plain text",
      JSON.stringify(column),
    );
  }
  if (documents === "paragraphs" && !/\.txt(\.gz)?$/.test(name)) {
    throw new SettingError(
      { task, key: "documents" },
      "lines, since only a .txt has paragraphs",
      documents,
    );
  }
}

/** Which column of a table is read. @throws SettingError if there is no such column. */
function chooseColumn(
  names: readonly string[],
  { task, column: asked, publishedColumn }: DocumentOptions,
): string {
  const column = asked ?? publishedColumn;
  if (column === undefined && names.length === 1) return names[0]!;
  const wanted = column ?? "text";
  if (names.includes(wanted)) return wanted;
  const list = names.map((name) => JSON.stringify(name)).join(", ");
  throw new SettingError(
    { task, key: "column" },
    `one of ${list}`,
    column === undefined ? "none" : JSON.stringify(column),
  );
}

/** The lines of a corpus that comes along. */
const unpackedLines = (path: string | URL): string[] =>
  new TextDecoder().decode(brotliDecompressSync(Deno.readFileSync(path))).split("\n");

/** Stretches of lines between empty ones. */
function* paragraphs(lines: Iterable<string>): Generator<string> {
  let open: string[] = [];
  for (const line of lines) {
    if (line.trim() !== "") open.push(line);
    else if (open.length > 0) {
      yield open.join("\n");
      open = [];
    }
  }
  if (open.length > 0) yield open.join("\n");
}

type Choose = (names: readonly string[]) => string;

function* csvTexts(lines: Iterable<string>, delimiter: string, choose: Choose): Generator<string> {
  let index: number | undefined;
  let width = 0;
  for (const { line, fields } of csvRecords(lines, { delimiter })) {
    if (index === undefined) {
      index = fields.indexOf(choose(fields));
      width = fields.length;
      continue;
    }
    if (fields.length !== width) {
      throw new SyntaxError(
        `line ${line} has ${fields.length} fields, expected ${width} as line 1`,
      );
    }
    yield fields[index]!;
  }
}

/** A value a line: a text, or a group with a text in the column. */
function* jsonTexts(lines: Iterable<string>, choose: Choose): Generator<string> {
  let column: string | undefined;
  let number = 0;
  for (const line of lines) {
    number++;
    if (line.trim() === "") continue;
    const value = parsedLine(line, number);
    if (typeof value === "string") {
      yield value;
      continue;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new SyntaxError(`line ${number}: expected a text, or a group with one`);
    }
    column ??= choose(Object.keys(value));
    const text = (value as Readonly<Record<string, unknown>>)[column] ?? "";
    if (typeof text !== "string") {
      throw new SyntaxError(`line ${number}: expected a text as ${JSON.stringify(column)}`);
    }
    yield text;
  }
}

function parsedLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new SyntaxError(`line ${number}: ${(error as Error).message}`, { cause: error });
  }
}
