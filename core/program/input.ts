/** How a model, a loss and a task declare their inputs: in one notation. */
import type { Shape } from "../axes.ts";

/**
 * Shape of a per-step value: scalar `[]`, vector `[n]` or matrix `[post, pre]`. An input that is the same
 * at every step is declared with `fixed`.
 *
 *     inputs: () => ({ symbol: [], pattern: fixed([64]) })
 */
export type InputDeclaration = Shape | {
  /** Shape of the value. */
  readonly shape: Shape;
  /** Whether there is a value a step. If not, what depends on it alone is computed once a sequence. */
  readonly perStep: boolean;
  /** Every number of it where the task does not give it, up to the end of a sequence; 0 on padding. */
  readonly missing?: number;
};

/** What a model, a loss or a task declares as input, by name. */
export type InputDeclarations = Readonly<Record<string, InputDeclaration>>;

/**
 * Declares an input that is the same at every step of a sequence.
 *
 *     inputs: () => ({ pattern: fixed([64]) })
 */
export const fixed = (shape: Shape): InputDeclaration => ({ shape, perStep: false });

/**
 * Declares an input that a task may leave out: it then is `missing` at every step of a sequence, and 0
 * after its end, which makes it a mask.
 *
 *     inputs: { target: [], weight: optional([]) }
 */
export const optional = (shape: Shape, missing = 1): InputDeclaration => ({
  shape,
  perStep: true,
  missing,
});

const isShape = (declaration: InputDeclaration): declaration is Shape => Array.isArray(declaration);

/** The declaration in full, however it was written. */
export const describeInput = (
  declaration: InputDeclaration,
): Exclude<InputDeclaration, Shape> =>
  isShape(declaration) ? { shape: declaration, perStep: true } : declaration;
