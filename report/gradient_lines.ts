/** A comparison of gradients as a table of text. */
import { type GradientRow, gradientsAgree } from "../analysis/gradients.ts";
import type { GradientSample } from "../core/training/check_gradient.ts";

/**
 * A heading, and a line for each parameter. Below one that fails stands its worst number; kinks are listed.
 *
 * @param rule whose gradient stands in the first column.
 */
export function gradientLines(rows: readonly GradientRow[], rule = "bptt"): string[] {
  const width = Math.max(9, ...rows.map(({ parameter }) => parameter.length));
  const first = `${rule}-cent`;
  const cell = (value: number | undefined, column = 0) =>
    (value?.toExponential(1) ?? "-").padStart(column === 0 ? Math.max(9, first.length) : 9);
  return [
    `${"parameter".padEnd(width)}   numbers  ${first}  rtrl-cent  rtrl-bptt`,
    ...rows.flatMap((row) => [
      `${row.parameter.padEnd(width)}  ${String(row.numbers).padStart(8)}  ` +
      `${[row.bptt, row.rtrl, row.apart].map(cell).join("  ")}  ` +
      (gradientsAgree(row) ? "ok" : "FAIL"),
      ...row.worst && !gradientsAgree(row) ? [`  worst: ${slopes(row, row.worst, rule)}`] : [],
      ...row.kinks.map((kink) => `  kink, no error: ${slopes(row, kink, rule)}`),
    ]),
  ];
}

/** One number and its slopes. */
const slopes = (
  { parameter }: GradientRow,
  { element, derived, central }: GradientSample,
  rule: string,
): string =>
  `${parameter}${element.length > 0 ? `[${element.join(", ")}]` : ""}: ${rule} ${
    derived.toPrecision(6)
  }, ` +
  `central difference ${central.toPrecision(6)}`;
