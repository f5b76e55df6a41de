/** Numbers that compare this engine with others. */
import type { Floor } from "./floor.ts";
import type { Row } from "./row.ts";

/** All that is known of a workload. */
export interface Result {
  readonly ours: Row;
  /** The other engines, as far as they ran. */
  readonly peers: readonly Row[];
  readonly floor?: Floor;
}

/** A time of a row: the median, or the least. */
export type TimeOf = (row: Row) => number;

/** How many times as fast this engine is as the fastest of the others, and which that is. */
export function ratioToFastest(
  { ours, peers }: Result,
  timeOf: TimeOf,
): { ratio: number; engine: string } | undefined {
  const [first, ...others] = peers;
  if (!first) return undefined;
  const fastest = others.reduce((a, b) => timeOf(b) < timeOf(a) ? b : a, first);
  return { ratio: timeOf(fastest) / timeOf(ours), engine: fastest.engine };
}

/** NaN of no numbers. */
export const geometricMean = (numbers: readonly number[]): number =>
  Math.exp(numbers.reduce((sum, number) => sum + Math.log(number), 0) / numbers.length);
