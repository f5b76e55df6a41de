/** Matrices over time in a byte a value: what a slider of the page shows. */
import type { PackedFrames } from "../figures/chart.ts";

/** Codes on either side of 0. */
export const LEVELS = 127;
const NOT_A_NUMBER = -128;

/**
 * Rounds values [frames, rows, columns] to LEVELS steps of the colour range [-limit, limit]; what lies
 * beyond it gets its end, as its colour does.
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
