/** Reduces accumulators of a pair of vectors to one number, always in the same order. */
import type { FunctionWriter } from "./function_writer.ts";

/** The operation of a reduction. */
export type Combine = "add" | "max";

const get = (local: string) => `(local.get ${local})`;

/** The accumulators of a row as one vector: that of lanes 0 to 3 combined with that of lanes 4 to 7. */
export function pairSum(
  [first, second]: readonly string[],
  combine: Combine,
  writer: FunctionWriter,
): string {
  if (second === undefined) return first!;
  const text = `(f32x4.${combine} ${get(first!)} ${get(second)})`;
  const local = writer.local("v128");
  writer.push(`(local.set ${local} ${text})`);
  return local;
}

/** The reduced number of one row, f32: lanes ((0, 1), (2, 3)) of its vector. */
export function rowSum(vector: string, combine: Combine): string {
  const both = (a: string, b: string) => `(f32.${combine} ${a} ${b})`;
  const lane = (index: number) => `(f32x4.extract_lane ${index} ${get(vector)})`;
  return both(both(lane(0), lane(1)), both(lane(2), lane(3)));
}

/** Four lanes of two vectors: 0 to 3 are those of a, 4 to 7 those of b. */
function pick(a: string, b: string, lanes: readonly number[]): string {
  const bytes = lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
  return `(i8x16.shuffle ${bytes.join(" ")} ${a} ${b})`;
}

/** The reduced numbers of four rows, v128: the bits of four `rowSum`, in half the instructions. */
export function fourRowSums(
  vectors: readonly string[],
  combine: Combine,
  writer: FunctionWriter,
): string {
  const both = (a: string, b: string) => `(f32x4.${combine} ${a} ${b})`;
  const pairs = (first: string, second: string) => {
    const [a, b] = [get(first), get(second)];
    const sums = both(pick(a, b, [0, 4, 2, 6]), pick(a, b, [1, 5, 3, 7]));
    return writer.bind(sums, "v128", writer.depth()).text;
  };
  const [first, second, third, fourth] = vectors as [string, string, string, string];
  const [a, b] = [pairs(first, second), pairs(third, fourth)];
  return both(pick(a, b, [0, 1, 4, 5]), pick(a, b, [2, 3, 6, 7]));
}
