/** Columns of a file by their names, as numbers or as texts. */
import { quote } from "../config/plain_text.ts";
import { DamagedFileError } from "../store/files/damaged_file_error.ts";

/**
 * Columns by name. Cells are read as numbers or texts when they are asked for, so no type has to be declared.
 *
 * @example
 * const table = readCsv("houses.csv");
 * const [area, price] = [table.numbers("area"), table.numbers("price")];
 */
export interface Table {
  /** The names of the columns, in the order of the file. */
  readonly names: readonly string[];
  /** The number of rows. */
  readonly rows: number;
  /**
   * A column as numbers [rows]; what is missing is NaN.
   *
   * @throws DamagedFileError that names file, line and column of what is no number, or the columns there are.
   */
  numbers(name: string): Float64Array;
  /** A column as texts [rows], as the file has them. @throws DamagedFileError if there is no such column. */
  texts(name: string): string[];
  /** A column as the file has it: texts of CSV; numbers, texts, lists and dates of Parquet. @throws as `texts` */
  cells(name: string): readonly unknown[];
  /** Columns as one vector [names] a row. @throws as `numbers` */
  vectors(names: readonly string[]): Float64Array[];
  /** How many cells of a column are missing. @throws as `texts` */
  missing(name: string): number;
}

/** What a table is made of. */
export interface TableContent {
  /** The name of the file, for errors. */
  readonly source: string;
  readonly names: readonly string[];
  /** [columns][rows] */
  readonly columns: readonly (readonly unknown[])[];
  /** What errors call a row, such as "line 7". */
  placeOf(row: number): string;
  /** Texts that stand for a number that is not known. */
  readonly missing: readonly string[];
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const infinity = /^[+-]?inf(?:inity)?$/i;

/** Makes a table of columns of one length. */
export function createTable({ source, names, columns, placeOf, missing }: TableContent): Table {
  const words = new Set(missing);
  const isMissing = (cell: unknown): boolean =>
    cell === null || cell === undefined || Number.isNaN(cell) ||
    typeof cell === "string" && words.has(cell.trim());
  const expected = ["a number", ...missing.map((word) => word === "" ? "nothing" : word)]
    .join(", ");

  function cells(name: string): readonly unknown[] {
    const column = columns[names.indexOf(name)];
    if (column) return column;
    const list = names.map((other) => quote(other)).join(", ");
    throw new DamagedFileError(source, `has no column ${quote(name)}; it has ${list}`);
  }
  function numbers(name: string): Float64Array {
    return Float64Array.from(cells(name), (cell, row) => {
      if (isMissing(cell)) return NaN;
      const value = numberOf(cell);
      if (value !== undefined) return value;
      throw new DamagedFileError(
        source,
        `${placeOf(row)}, column ${quote(name)}: ${quote(textOf(cell))} is no number; expected ${
          missing.length > 0 ? `one of: ${expected}` : expected
        }`,
      );
    });
  }
  return {
    names,
    rows: columns[0]?.length ?? 0,
    cells,
    numbers,
    texts: (name) => cells(name).map(textOf),
    vectors(chosen) {
      const values = chosen.map(numbers);
      const rows = columns[0]?.length ?? 0;
      return Array.from(
        { length: rows },
        (_, row) => Float64Array.from(values, (column) => column[row]!),
      );
    },
    missing: (name) => cells(name).filter(isMissing).length,
  };
}

/** The number that a cell holds exactly; undefined if it holds none. */
function numberOf(cell: unknown): number | undefined {
  if (typeof cell === "number") return cell;
  if (typeof cell === "boolean") return Number(cell);
  if (typeof cell === "bigint") {
    return Number.isSafeInteger(Number(cell)) ? Number(cell) : undefined;
  }
  if (typeof cell !== "string") return undefined;
  const text = cell.trim();
  if (decimal.test(text)) return Number(text);
  return infinity.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : undefined;
}

function textOf(cell: unknown): string {
  if (typeof cell === "string") return cell;
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date) return cell.toISOString();
  if (typeof cell !== "object") return String(cell);
  return JSON.stringify(cell, (_, part) => typeof part === "bigint" ? String(part) : part);
}
