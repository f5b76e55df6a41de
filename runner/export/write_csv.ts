/** Writes a tidy table as CSV (RFC 4180), which pandas, R and spreadsheets read. */
import { writeStreamedFile } from "../../store/files/streamed_file.ts";
import type { Cell, TidyTable } from "./tidy_metrics.ts";

/**
 * Writes the table. Numbers have all their digits; those that are not finite are NaN, Infinity and -Infinity, and
 * missing cells are empty.
 *
 * @returns the number of rows.
 */
export function writeCsv(path: string, { columns, chunks }: TidyTable): number {
  const encoder = new TextEncoder();
  let rows = 0;
  writeStreamedFile(path, (append) => {
    append(encoder.encode(`${columns.map(({ name }) => field(name)).join(",")}\n`));
    for (const chunk of chunks()) {
      const count = chunk[0]!.length;
      let text = "";
      for (let row = 0; row < count; row++) {
        for (let column = 0; column < chunk.length; column++) {
          if (column > 0) text += ",";
          text += cellText(chunk[column]![row]!);
        }
        text += "\n";
      }
      append(encoder.encode(text));
      rows += count;
    }
  });
  return rows;
}

/** A cell of CSV as text. */
export const cellText = (cell: Cell): string =>
  cell === null ? "" : typeof cell === "number" ? String(cell) : field(cell);

const field = (text: string): string =>
  /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
