import { randomStream } from "../random.ts";

/** Numbers from U(low, high), always the same for a seed. */
export function seededValues(
  length: number,
  { seed, low = -1, high = 1 }: { seed: number; low?: number; high?: number },
): Float64Array {
  const random = randomStream({ seed });
  return Float64Array.from({ length }, () => low + (high - low) * random.uniform());
}
