/** Accumulators of four lanes to one number each, always in the order (0, 1), (2, 3), then both. */
import type { FunctionWriter } from "./function_writer.ts";

/** What two numbers, or two times four, are combined with. */
export type Combine = "add" | "max";

/** What a row has accumulated: in lanes, and one by one for what does not fill them. */
export interface RowSum {
  readonly wide: string | undefined;
  readonly single: string | undefined;
}

const get = (local: string) => `(local.get ${local})`;

/** The number of one row, f32. */
export function rowSum({ wide, single }: RowSum, combine: Combine): string {
  const both = (a: string, b: string) => `(f32.${combine} ${a} ${b})`;
  const lane = (index: number) => `(f32x4.extract_lane ${index} ${get(wide!)})`;
  const parts = [
    ...wide ? [both(both(lane(0), lane(1)), both(lane(2), lane(3)))] : [],
    ...single ? [get(single)] : [],
  ];
  return parts.reduce(both);
}

/** Lanes 0 to 3 of a, then 4 to 7 of b. */
function pick(a: string, b: string, lanes: readonly number[]): string {
  const bytes = lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
  return `(i8x16.shuffle ${bytes.join(" ")} ${a} ${b})`;
}

/** The numbers of four rows, v128: the bits of four times `rowSum`, in half the instructions. */
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
