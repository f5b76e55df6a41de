/** Which axes are logarithmic. */
import { distributions } from "./distributions.ts";
import type { Parameter } from "./sweep_file.ts";

/**
 * Whether values are spaced by ratios: positive numbers, at least three different ones, whose largest gap is a
 * smaller part of their range on a logarithmic axis than on a linear one.
 *
 *     isLogSpaced([0.001, 0.01, 0.1]); // true
 *     isLogSpaced([16, 32, 48]); // false
 */
export function isLogSpaced(values: readonly unknown[]): boolean {
  const numbers = [...new Set(values)].filter((value): value is number =>
    typeof value === "number" && value > 0 && value < Infinity
  ).sort((a, b) => a - b);
  if (numbers.length < 3 || numbers.length < new Set(values).size) return false;
  // Rounding must not decide between axes that are equally good.
  return largestGap(numbers.map(Math.log)) < largestGap(numbers) * (1 - 1e-9);
}

/** Of the whole range. */
const largestGap = (rising: readonly number[]): number =>
  Math.max(...rising.slice(1).map((value, index) => value - rising[index]!)) /
  (rising.at(-1)! - rising[0]!);

/** Whether the axis of a parameter is logarithmic. */
export const isLogParameter = ({ domain }: Pick<Parameter, "domain">): boolean =>
  domain.kind === "range" ? distributions[domain.distribution]!.isLog : isLogSpaced(domain.values);
