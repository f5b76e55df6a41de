/** Text as HTML. Everything from a run's files passes through `esc` or `embedJson`. */

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes `value` for HTML text and for quoted attributes. */
export function esc(value: unknown): string {
  return String(value).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** JSON that cannot end the script element it stands in. */
export function embedJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

/** A table: `columns` are the headings; the first cell of a row is its heading. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Draws a table.
 *
 * @param options.isNumeric aligns every cell but the first to the right.
 * @param options.isDense fits many columns side by side; their cells may break.
 */
export function drawTable(
  { columns, rows }: Table,
  options: { isNumeric?: boolean; isDense?: boolean } = {},
): string {
  const wide = `${columns.length > 2 ? " wide" : ""}${options.isDense ? " dense" : ""}`;
  const head = columns.map((name) => `<th scope="col">${esc(name)}</th>`).join("");
  const body = rows.map(([first = "", ...rest]) =>
    `<tr><th scope="row">${esc(first)}</th>${
      rest.map((cell) => `<td>${esc(cell)}</td>`).join("")
    }</tr>`
  ).join("\n");
  return `<div class="table${wide}"><table${options.isNumeric ? ' class="numeric"' : ""}>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody></table></div>`;
}
