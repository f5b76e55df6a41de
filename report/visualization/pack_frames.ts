/** Matrices over time for a slider of the page, in a byte a value. */
import type { PackedFrames } from "../figures/chart.ts";

/** Codes on either side of 0. */
export const LEVELS = 127;
const NOT_A_NUMBER = -128;

/**
 * Rounds values [frames, rows, columns] to codes from -LEVELS to LEVELS, which stand for
 * [-limit, limit]. A value beyond the limit gets the code of that end, as it gets its colour.
 */
export function packFrames(
  values: Float32Array,
  { control, rows, columns, limit }: Omit<PackedFrames, "codes">,
): PackedFrames {
  const codes = Int8Array.from(values, (value) => {
    if (Number.isNaN(value)) return NOT_A_NUMBER;
    const code = Math.round(value / limit * LEVELS);
    return Math.max(-LEVELS, Math.min(LEVELS, code));
  });
  return { control, rows, columns, limit, codes: new Uint8Array(codes.buffer).toBase64() };
}
