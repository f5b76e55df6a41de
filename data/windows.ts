/** Windows of long sequences. */

/** A stretch of a long sequence. */
export interface Window<Values> {
  /** [length, size], a view of the long sequence. */
  readonly values: Values;
  /** The step of the long sequence where it begins. */
  readonly start: number;
  /** The number of its block. Windows of different blocks share no step: it is the key of a data set. */
  readonly block: number;
}

/**
 * Cuts a long sequence into windows of `length` steps, `stride` apart, which may overlap. Windows never go over the
 * border of a block, and steps at the end of a block that make no whole window are left out. Where windows overlap
 * only whole blocks may be held out, or steps of the test would be trained: the block is the key of the data set.
 *
 * @param values [steps, size].
 * @param options.size numbers in a step, default 1.
 * @param options.stride default `length`: no overlap.
 * @param options.block steps in a block, default `length` without overlap, 10 `length` with.
 * @throws RangeError on sizes that are no whole numbers, or do not fit.
 * @example
 * const windows = windowsOf(series, { length: 50, stride: 10, block: 1000 });
 * const data = dataset(windows, { key: ({ block }) => block });
 */
export function windowsOf<Values extends Float32Array | Float64Array | Int32Array | Uint8Array>(
  values: Values,
  { length, size = 1, stride = length, block = stride < length ? 10 * length : length }: {
    readonly length: number;
    readonly size?: number;
    readonly stride?: number;
    readonly block?: number;
  },
): Window<Values>[] {
  for (const [name, value] of Object.entries({ length, size, stride, block })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`The ${name} of windows must be a whole number from 1: it is ${value}`);
    }
  }
  if (values.length % size !== 0) {
    throw new RangeError(`${values.length} numbers are no whole number of steps of ${size}`);
  }
  const steps = values.length / size;
  if (block < length) {
    throw new RangeError(`A block of ${block} steps has no window of ${length}`);
  }
  const windows: Window<Values>[] = [];
  for (let first = 0, number = 0; first < steps; first += block, number++) {
    const end = Math.min(first + block, steps);
    for (let start = first; start + length <= end; start += stride) {
      const cut = values.subarray(start * size, (start + length) * size) as Values;
      windows.push({ values: cut, start, block: number });
    }
  }
  return windows;
}
