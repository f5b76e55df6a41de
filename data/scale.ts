/** Scales that give numbers a mean of 0 and a deviation of 1. */

/** How each element of vectors is scaled. */
export interface Scale {
  /** [size], the mean of each element; NaN, a missing number, is left out. */
  readonly mean: Float64Array;
  /** [size], the standard deviation of each element; 1 where all are equal. */
  readonly deviation: Float64Array;
  /** (x - mean) / deviation. What is missing becomes 0, the mean. @param values [size], or [T, size] */
  apply(values: ArrayLike<number>): Float32Array;
  /** x * deviation + mean: back to the unit of the data. @param values [size], or [T, size] */
  undo(values: ArrayLike<number>): Float32Array;
}

/**
 * The scale of vectors or sequences of them, over all vectors of all rows.
 *
 * @param rows each [size], or [T, size].
 * @throws RangeError if a row has no whole number of vectors, or an element is infinite or always missing.
 */
export function fitScale(rows: Iterable<ArrayLike<number>>, size: number): Scale {
  const [count, mean, squares] = [0, 1, 2].map(() => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (const row of rows) {
    checkVectors(row, size);
    for (let index = 0; index < row.length; index++) {
      const value = row[index]!;
      if (Number.isNaN(value)) continue;
      // Welford (1962): sums of squares would cancel where the mean is large.
      const element = index % size;
      const before = value - mean[element]!;
      mean[element]! += before / ++count[element]!;
      squares[element]! += before * (value - mean[element]!);
    }
  }
  const deviation = squares.map((sum, element) => Math.sqrt(sum / count[element]!) || 1);
  const bad = mean.findIndex((value, element) => count[element] === 0 || !Number.isFinite(value));
  if (bad >= 0) {
    const problem = count[bad] === 0 ? "is missing in every row" : "is infinite in a row";
    throw new RangeError(`Element ${bad} of the data ${problem}, so it cannot be scaled`);
  }
  const map = (values: ArrayLike<number>, change: (value: number, element: number) => number) => {
    checkVectors(values, size);
    return Float32Array.from(values, (value, index) => change(value, index % size));
  };
  return {
    mean,
    deviation,
    apply: (values) =>
      map(
        values,
        (value, element) =>
          Number.isNaN(value) ? 0 : (value - mean[element]!) / deviation[element]!,
      ),
    undo: (values) => map(values, (value, element) => value * deviation[element]! + mean[element]!),
  };
}

function checkVectors({ length }: ArrayLike<number>, size: number): void {
  if (length % size !== 0) {
    throw new RangeError(`${length} numbers are no whole number of vectors of ${size}`);
  }
}
