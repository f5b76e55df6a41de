/** The little linear algebra that looking inside takes; matrices are [rows, columns], row by row. */

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The cosine of two vectors; 0 if one of them is 0. */
export function cosine(a: Float64Array, b: Float64Array): number {
  const norms = Math.sqrt(dot(a, a) * dot(b, b));
  return norms === 0 ? 0 : dot(a, b) / norms;
}

/** The mean of vectors of one length. */
export function meanVector(vectors: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) vector.forEach((x, i) => sum[i]! += x);
  return sum.map((x) => x / vectors.length);
}

/** Singular values, the largest first, and the right and left vectors of the largest. */
export interface Spectrum {
  readonly values: Float64Array;
  /** [columns] */
  readonly right: Float64Array;
  /** [rows] */
  readonly left: Float64Array;
}

/** Turns of all pairs of rows at most; a dozen are enough for a hundred rows. */
const SWEEPS = 40;
/** Cosine of two rows that counts as orthogonal. */
const ORTHOGONAL = 1e-10;

/** One-sided Jacobi (Hestenes, 1958): rotates pairs of rows until all are orthogonal. */
export function spectrumOf(matrix: Float64Array, rows: number): Spectrum {
  const columns = matrix.length / rows;
  const turned = Array.from(
    { length: rows },
    (_, i) => matrix.slice(i * columns, (i + 1) * columns),
  );
  for (let sweep = 0, turns = 1; turns > 0 && sweep < SWEEPS; sweep++) {
    turns = 0;
    for (let i = 0; i < rows; i++) {
      for (let j = i + 1; j < rows; j++) turns += Number(orthogonalise(turned[i]!, turned[j]!));
    }
  }
  const norms = turned.map((row) => Math.sqrt(dot(row, row)));
  const largest = norms.indexOf(Math.max(...norms));
  const right = turned[largest]!.map((x) => x / (norms[largest]! || 1));
  const left = Float64Array.from(
    { length: rows },
    (_, i) => dot(matrix.subarray(i * columns, (i + 1) * columns), right) / (norms[largest]! || 1),
  );
  return { values: Float64Array.from(norms).sort().reverse(), right, left };
}

/** Rotates two rows in place until they are orthogonal. @returns whether they were not. */
function orthogonalise(a: Float64Array, b: Float64Array): boolean {
  const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)];
  if (Math.abs(ab) <= ORTHOGONAL * Math.sqrt(aa * bb)) return false;
  const ratio = (bb - aa) / (2 * ab);
  const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(1, ratio));
  const c = 1 / Math.hypot(1, tangent), s = c * tangent;
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[k]!, b[k]!];
    a[k] = c * x - s * y;
    b[k] = s * x + c * y;
  }
  return true;
}

/**
 * Participation ratio (Σ σ²)² / Σ σ⁴ of the singular values: about how many directions share the variance. The
 * sums are tr(W Wᵀ) and tr((W Wᵀ)²).
 */
export function participation(matrix: Float64Array, rows: number): number {
  const columns = matrix.length / rows;
  const row = (i: number) => matrix.subarray(i * columns, (i + 1) * columns);
  let fourth = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) fourth += dot(row(i), row(j)) ** 2;
  }
  return fourth === 0 ? 0 : dot(matrix, matrix) ** 2 / fourth;
}
