/** The reader of CSV and of its relatives, such as TSV. */
import { quote } from "../config/plain_text.ts";
import { DamagedFileError } from "../store/files/damaged_file_error.ts";
import { csvRecords } from "../formats/csv_records.ts";
import { type DataPath, readTextFile, sourceOf } from "./data_file.ts";
import { linesOf } from "./lines.ts";
import { createTable, type Table } from "./table.ts";

/** How a file of CSV is read. */
export interface CsvOptions {
  /** One character between fields, default ","; "\t" of TSV. */
  readonly delimiter?: string;
  /**
   * Whether the first line names the columns, as by default. Without it they are called "1", "2" and so on, or
   * as a list says.
   */
  readonly header?: boolean | readonly string[];
  /** What stands for a number that is not known; default: nothing, NA, NaN, nan, null. */
  readonly missing?: readonly string[];
}

const missingWords = ["", "NA", "NaN", "nan", "null"];

/**
 * Reads a table from CSV (RFC 4180) in UTF-8: fields in quotes, line breaks of any system, a byte order mark;
 * empty lines are left out, and a file of gzip is unpacked. At most 2 GB; a table takes about 30 bytes a cell.
 *
 * @throws DamagedFileError, one line that names file and line: a row with more or fewer fields than the first,
 * a quote that does not close, a column that is named twice, text that is not UTF-8.
 * @throws RangeError if the delimiter is not one character.
 * @example
 * const table = readCsv(new URL("houses.csv", import.meta.url));
 * const price = table.numbers("price"); // NaN where it is missing
 */
export function readCsv(path: DataPath, options: CsvOptions = {}): Table {
  return parseCsv(readTextFile(path), sourceOf(path), options);
}

/** The table of a text. @throws as `readCsv` */
export function parseCsv(
  bytes: Uint8Array,
  source: string,
  { delimiter = ",", header = true, missing = missingWords }: CsvOptions = {},
): Table {
  if ([...delimiter].length !== 1 || /["\r\n]/.test(delimiter)) {
    throw new RangeError(`The delimiter of CSV must be one character: it is ${quote(delimiter)}`);
  }
  const records = inFile(source, csvRecords(linesOf(bytes, source), { delimiter }));
  let names = typeof header === "boolean" ? undefined : header;
  let shape = "the names given";
  const lines: number[] = [];
  const columns: string[][] = [];
  for (const { line, fields } of records) {
    if (!names) {
      names = header === true ? fields : fields.map((_, index) => String(index + 1));
      shape = `line ${line}`;
      checkNames(names, { source, line });
      if (header === true) continue;
    }
    if (fields.length !== names.length) {
      const count = `${fields.length} ${fields.length === 1 ? "field" : "fields"}`;
      throw new DamagedFileError(
        source,
        `line ${line} has ${count} between ${
          quote(delimiter)
        }, expected ${names.length} as ${shape}`,
      );
    }
    lines.push(line);
    fields.forEach((field, index) => (columns[index] ??= []).push(field));
  }
  if (!names) throw new DamagedFileError(source, "is empty, expected a line of CSV");
  const placeOf = (row: number) => `line ${lines[row]}`;
  const whole = names.map((_, index) => columns[index] ?? []);
  return createTable({ source, names, columns: whole, placeOf, missing });
}

/** The same items; what is wrong with them names the file. */
function* inFile<Item>(source: string, items: Iterable<Item>): Generator<Item> {
  try {
    yield* items;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DamagedFileError(source, error.message, { cause: error });
  }
}

function checkNames(
  names: readonly string[],
  { source, line }: { source: string; line: number },
): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new DamagedFileError(source, `line ${line} names the column ${quote(twice)} twice`);
}
