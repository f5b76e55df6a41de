/** Reduces accumulators of four lanes to one number, always in the order ((0, 1), (2, 3)). */
import type { FunctionWriter } from "./function_writer.ts";

/** The operation of a reduction. */
export type Combine = "add" | "max";

/** The accumulators of a row. */
export interface RowSum {
  /** The local of the four lanes; undefined: the row is too short for lanes. */
  readonly wide: string | undefined;
  /** The local of the elements after the last four; undefined: there are none. */
  readonly single: string | undefined;
}

const get = (local: string) => `(local.get ${local})`;

/** The reduced number of one row, f32. */
export function rowSum({ wide, single }: RowSum, combine: Combine): string {
  const both = (a: string, b: string) => `(f32.${combine} ${a} ${b})`;
  const lane = (index: number) => `(f32x4.extract_lane ${index} ${get(wide!)})`;
  const parts = [
    ...wide ? [both(both(lane(0), lane(1)), both(lane(2), lane(3)))] : [],
    ...single ? [get(single)] : [],
  ];
  return parts.reduce(both);
}

/** Four lanes of two vectors: 0 to 3 are those of a, 4 to 7 those of b. */
function pick(a: string, b: string, lanes: readonly number[]): string {
  const bytes = lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
  return `(i8x16.shuffle ${bytes.join(" ")} ${a} ${b})`;
}

/** The reduced numbers of four rows, v128: the bits of four `rowSum`, in half the instructions. */
export function fourRowSums(
  rows: readonly RowSum[],
  combine: Combine,
  writer: FunctionWriter,
): string {
  const both = (a: string, b: string) => `(f32x4.${combine} ${a} ${b})`;
  const pairs = (first: RowSum, second: RowSum) => {
    const [a, b] = [get(first.wide!), get(second.wide!)];
    const sums = both(pick(a, b, [0, 4, 2, 6]), pick(a, b, [1, 5, 3, 7]));
    return writer.bind(sums, "v128", writer.depth()).text;
  };
  const [first, second, third, fourth] = rows as [RowSum, RowSum, RowSum, RowSum];
  const parts: string[] = [];
  if (first.wide) {
    const [a, b] = [pairs(first, second), pairs(third, fourth)];
    parts.push(both(pick(a, b, [0, 1, 4, 5]), pick(a, b, [2, 3, 6, 7])));
  }
  if (first.single) {
    parts.push(
      rows.slice(1).reduce(
        (vector, { single }, row) => `(f32x4.replace_lane ${row + 1} ${vector} ${get(single!)})`,
        `(f32x4.splat ${get(first.single)})`,
      ),
    );
  }
  return parts.reduce(both);
}
