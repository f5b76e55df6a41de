/** A table as lines of text, for standard output. */

/** Lines with columns side by side; the last one is not padded. */
export function plainTable(rows: readonly (readonly string[])[]): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from(
    { length: count },
    (_, column) => rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0),
  );
  return rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()
  );
}

/** Time since a moment, ISO 8601, in one unit: `12 s`, `5 min`, `3 h`, `8 d`; "" if it is not known. */
export function ageOf(moment: string, now: Date): string {
  const seconds = (now.getTime() - Date.parse(moment)) / 1000;
  if (Number.isNaN(seconds)) return "";
  const [unit, size] = units.findLast(([, size]) => seconds >= size) ?? units[0];
  return `${Math.max(0, Math.floor(seconds / size))} ${unit}`;
}

const units = [["s", 1], ["min", 60], ["h", 3600], ["d", 86_400]] as const;
