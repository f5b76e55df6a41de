/** Weight matrices of trained networks, and of rules that need no training. */

/** N patterns or weights, row-major. */
export type Numbers = ArrayLike<number>;

/**
 * W [N, N], as the attractor model makes it from its parameters.
 *
 * @param parameters.exists 0 where neurons are not connected; undefined: all are.
 */
export function effectiveWeights(
  { symmetric, zero_diagonal }: { symmetric: boolean; zero_diagonal: boolean },
  { free, exists }: { free: Numbers; exists: Numbers | undefined },
): Float64Array {
  const neurons = Math.sqrt(free.length);
  return Float64Array.from(free, (weight, index) => {
    const [i, j] = [Math.floor(index / neurons), index % neurons];
    if (zero_diagonal && i === j || exists?.[index] === 0) return 0;
    return symmetric ? (weight + free[j * neurons + i]!) / 2 : weight;
  });
}

/** Σ m mᵀ / N (J. J. Hopfield 1982, Proc. Natl. Acad. Sci. 79:2554-2558); the diagonal included. */
export function hebbMatrix(patterns: readonly Numbers[]): Float64Array {
  return sumOfProducts(patterns, patterns, 1 / patterns[0]!.length);
}

/**
 * M (Mᵀ M)⁻¹ Mᵀ, with the patterns as the columns of M. It maps each pattern to itself (L. Personnaz,
 * I. Guyon and G. Dreyfus 1985, J. Physique Lett. 46:359-365).
 *
 * @returns undefined if the patterns are linearly dependent.
 */
export function pseudoInverseMatrix(patterns: readonly Numbers[]): Float64Array | undefined {
  const [count, neurons] = [patterns.length, patterns[0]!.length];
  if (count > neurons) return undefined;
  // [Mᵀ M | Mᵀ]: Gauss-Jordan elimination leaves (Mᵀ M)⁻¹ Mᵀ on the right.
  const rows = patterns.map((pattern) => [
    ...patterns.map((other) => dot(pattern, other)),
    ...Array.from(pattern),
  ]);
  for (let column = 0; column < count; column++) {
    let largest = column;
    for (let row = column + 1; row < count; row++) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[largest]![column]!)) largest = row;
    }
    [rows[column], rows[largest]] = [rows[largest]!, rows[column]!];
    const pivot = rows[column]!;
    if (Math.abs(pivot[column]!) < 1e-9 * neurons) return undefined;
    for (let row = 0; row < count; row++) {
      if (row === column) continue;
      const target = rows[row]!;
      const factor = target[column]! / pivot[column]!;
      for (let k = column; k < pivot.length; k++) target[k]! -= factor * pivot[k]!;
    }
    const scale = pivot[column]!;
    for (let k = column; k < pivot.length; k++) pivot[k]! /= scale;
  }
  return sumOfProducts(patterns, rows.map((row) => row.slice(count)), 1);
}

/** factor · Σ_p a_p b_pᵀ. */
function sumOfProducts(a: readonly Numbers[], b: readonly Numbers[], factor: number): Float64Array {
  const neurons = a[0]!.length;
  const sum = new Float64Array(neurons * neurons);
  a.forEach((column, p) => {
    const row = b[p]!;
    for (let i = 0; i < neurons; i++) {
      for (let j = 0; j < neurons; j++) sum[i * neurons + j]! += factor * column[i]! * row[j]!;
    }
  });
  return sum;
}

export function dot(a: Numbers, b: Numbers): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}

export interface Likeness {
  /** Pearson correlation of the elements; null if those of one matrix are all equal. */
  readonly correlation: number | null;
  /** The factor on the other matrix that comes nearest; null if that matrix is 0. */
  readonly scale: number | null;
}

/** How similar two matrices [N, N] are, off the diagonal and where `exists` is not 0. */
export function likeness(matrix: Numbers, other: Numbers, exists?: Numbers): Likeness {
  const neurons = Math.sqrt(matrix.length);
  const indices = Array.from(matrix, (_, index) => index).filter((index) =>
    Math.floor(index / neurons) !== index % neurons && exists?.[index] !== 0
  );
  const [x, y] = [matrix, other].map((values) => indices.map((index) => values[index]!));
  const centred = (values: number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  };
  const [cx, cy] = [centred(x!), centred(y!)];
  const spread = Math.sqrt(dot(cx, cx) * dot(cy, cy));
  const size = dot(y!, y!);
  return {
    correlation: spread > 0 ? dot(cx, cy) / spread : null,
    scale: size > 0 ? dot(x!, y!) / size : null,
  };
}

/** Mean over the patterns and neurons of m ∘ (W m), without self-excitation. */
export function meanField(weights: Numbers, patterns: readonly Numbers[]): number {
  const neurons = patterns[0]!.length;
  let sum = 0;
  for (const pattern of patterns) {
    for (let i = 0; i < neurons; i++) {
      for (let j = 0; j < neurons; j++) {
        if (i !== j) sum += pattern[i]! * weights[i * neurons + j]! * pattern[j]!;
      }
    }
  }
  return sum / (patterns.length * neurons);
}
