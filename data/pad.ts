/** Sequences of one length. */

/**
 * A sequence with zeros behind it, and the mask that tells its steps from them. A task's `steps` are those of its
 * longest sequence.
 *
 * @param values [T, size], with T at most `steps`.
 * @param options.size numbers in a step, default 1.
 * @returns values [steps, size], and mask [steps]: 1 at steps of the sequence, 0 behind.
 * @throws RangeError if the sequence is longer, or has no whole number of steps.
 * @example
 * const steps = Math.max(...words.map(({ length }) => length));
 * const { values, mask } = pad(words[0], { steps });
 */
export function pad(
  values: ArrayLike<number>,
  { steps, size = 1 }: { readonly steps: number; readonly size?: number },
): { readonly values: Float32Array<ArrayBuffer>; readonly mask: Float32Array<ArrayBuffer> } {
  const own = values.length / size;
  if (!Number.isInteger(own) || own > steps) {
    throw new RangeError(`${values.length} numbers are not at most ${steps} steps of ${size}`);
  }
  const padded = new Float32Array(steps * size);
  padded.set(values);
  return { values: padded, mask: new Float32Array(steps).fill(1, 0, own) };
}
