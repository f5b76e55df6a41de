/** Numbers that a device can hold. */

const SMALLEST = 2 ** -126;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/**
 * A number as float32.
 *
 * @throws RangeError if float32 holds no number like it: it would be infinite or 0, or lose its digits.
 */
export function toFloat32(value: number, what: string): number {
  if (fitsFloat32(value)) return Math.fround(value);
  throw new RangeError(`${what} ${value} is outside float32: expected ${float32Range}`);
}

/** What float32 holds with all its digits, in words. */
export const float32Range = "0, or a size of 1.2e-38 to 3.4e38 (float32)";

/** Whether float32 holds a number with all its digits: neither 0 or infinite in it, nor subnormal. */
export const fitsFloat32 = (value: number): boolean =>
  value === 0 || (Math.abs(value) >= SMALLEST && Math.abs(Math.fround(value)) <= LARGEST);

/**
 * The path to the first number in settings that float32 does not hold, and the number. Models, tasks and
 * learning rules compute in float32, so it would be another number there.
 */
export function beyondFloat32(
  settings: unknown,
): { path: readonly string[]; value: number } | undefined {
  if (typeof settings === "number") {
    return fitsFloat32(settings) ? undefined : { path: [], value: settings };
  }
  if (typeof settings !== "object" || settings === null) return undefined;
  for (const [key, inner] of Object.entries(settings)) {
    const found = beyondFloat32(inner);
    if (found) return { path: [key, ...found.path], value: found.value };
  }
  return undefined;
}
