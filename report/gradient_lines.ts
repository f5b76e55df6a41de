/** A comparison of gradients as a table of text. */
import { type GradientRow, gradientsAgree } from "../analysis/gradients.ts";

/** A heading, and a line for each parameter. */
export function gradientLines(rows: readonly GradientRow[]): string[] {
  const width = Math.max(9, ...rows.map(({ parameter }) => parameter.length));
  const cell = (value: number | undefined) => (value?.toExponential(1) ?? "-").padStart(9);
  return [
    `${"parameter".padEnd(width)}   numbers  bptt-cent  rtrl-cent  rtrl-bptt`,
    ...rows.map((row) =>
      `${row.parameter.padEnd(width)}  ${String(row.numbers).padStart(8)}  ` +
      `${[row.bptt, row.rtrl, row.apart].map(cell).join("  ")}  ` +
      (gradientsAgree(row) ? "ok" : "FAIL")
    ),
  ];
}
