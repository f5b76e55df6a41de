/** Random patterns of bits -1 and 1, as many of each. */
import type { RandomStream } from "../core/random.ts";

/** Most draws for one pattern, on average. */
const MOST_DRAWS = 20_000;

/**
 * The largest number of mutually orthogonal patterns that `drawPatterns` finds in reasonable time.
 *
 * About sqrt(8 / (π size)) of all zero-sum patterns are orthogonal to a fixed one: their scalar product is
 * nearly normal with variance `size`, and takes every fourth value.
 */
export function mostOrthogonal(size: number): number {
  const free = 1 + Math.floor(Math.log(MOST_DRAWS) / Math.log(Math.sqrt(Math.PI * size / 8)));
  // Sets of nearly size - 1 patterns, the most that exist, are too rare to be drawn.
  return size <= 8 ? size / 4 + 1 : Math.min(free, Math.max(3, size / 4));
}

/**
 * Draws `count` patterns [count, size] with a sum of 0.
 *
 * Orthogonal patterns are drawn by rejection: each is drawn, uniformly among all of sum 0, until it is
 * orthogonal to those before it. Sets of up to three patterns are then uniform too, since all beginnings
 * have equally many continuations. A beginning that no draw continues is dropped.
 */
export function drawPatterns(
  random: RandomStream,
  { count, size, orthogonal }: { count: number; size: number; orthogonal: boolean },
): Float32Array[] {
  const draw = () =>
    random.shuffle(Float32Array.from({ length: size }, (_, bit) => bit < size / 2 ? 1 : -1));
  if (!orthogonal) return Array.from({ length: count }, draw);
  const patterns: Float32Array[] = [];
  let draws = 0;
  while (patterns.length < count) {
    const pattern = draw();
    if (patterns.every((other) => dot(other, pattern) === 0)) {
      patterns.push(pattern);
      draws = 0;
    } else if (++draws > 20 * MOST_DRAWS) {
      patterns.length = 0;
      draws = 0;
    }
  }
  return patterns;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let bit = 0; bit < a.length; bit++) sum += a[bit]! * b[bit]!;
  return sum;
}
