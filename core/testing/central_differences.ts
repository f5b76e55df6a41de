/** Half the distance of two samples; the error of a central difference is of the order of 1e-10. */
const STEP = 1e-5;

/**
 * The gradient of a function by central differences, one number after the other.
 *
 * @example
 * await centralDifferences(Float64Array.of(3), ([x]) => Promise.resolve(x! ** 2)); // [6]
 */
export async function centralDifferences(
  base: Float64Array,
  f: (moved: Float64Array) => Promise<number>,
): Promise<number[]> {
  const gradient: number[] = [];
  for (let i = 0; i < base.length; i++) {
    const moved = base.slice();
    moved[i] = base[i]! + STEP;
    const above = await f(moved);
    moved[i] = base[i]! - STEP;
    gradient.push((above - await f(moved)) / (2 * STEP));
  }
  return gradient;
}
