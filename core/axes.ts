/**
 * How many networks, sequences and steps a program is for. This is the legend of axis letters, which
 * docstrings, kernels and files use.
 *
 * | letter | axis |
 * |---|---|
 * | P | replicas: independent networks trained side by side |
 * | B | sequences: one batch of one replica |
 * | T | steps of a sequence |
 * | S | steps of a segment: stages may go over the steps one segment after the other |
 * | I, N, O, C | inputs, units, outputs, symbols |
 *
 * Slow weights are [P, post, pre], fast weights [P, B, post, pre], activity [P, B, N]. In post and pre
 * are the neurons after and before a connection. Values kept for every step put T in front of P; values
 * kept for every iteration of a chunk put K in front of all.
 */
export interface Extents {
  /** P, replicas. */
  readonly replicas: number;
  /** B, sequences in a batch. */
  readonly sequences: number;
  /** T, steps of an iteration. */
  readonly steps: number;
  /** S, steps of a segment, of which the last may have fewer; a learning rule chooses it. Default: T. */
  readonly segment?: number;
}

/** Shape of a value without P, B and T: scalar `[]`, vector `[n]` or matrix `[post, pre]`. */
export type Shape = readonly [] | readonly [number] | readonly [number, number];

/** How many elements a shape has. */
export function sizeOf(shape: Shape): number {
  return shape.reduce<number>((size, extent) => size * extent, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** A shape in the words of errors: `scalar`, `vector(4)`, `matrix(4, 5)`. */
export function describeShape(shape: Shape): string {
  if (shape.length === 0) return "scalar";
  return shape.length === 1 ? `vector(${shape[0]})` : `matrix(${shape[0]}, ${shape[1]})`;
}
