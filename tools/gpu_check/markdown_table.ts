/** Tables of Markdown, a line at a time. */

/** A row. */
export const tableRow = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** The line of the columns, and the one below it: all but the first are numbers. */
export const tableHead = (columns: readonly string[]): string =>
  [columns, columns.map((_, index) => index === 0 ? "---" : "---:")].map(tableRow).join("\n");

/** A number with three digits that count. */
export const threeDigits = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "";
