/** A table of Markdown. */
export const markdownTable = (
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string =>
  [columns, columns.map((_, index) => index === 0 ? "---" : "---:"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");

/** A number with three digits that count. */
export const threeDigits = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "";
