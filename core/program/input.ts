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
};

/** What a model, a loss or a task declares as input, by name. */
export type InputDeclarations = Readonly<Record<string, InputDeclaration>>;

/**
 * Declares an input that is the same at every step of a sequence.
 *
 *     inputs: () => ({ pattern: fixed([64]) })
 */
export const fixed = (shape: Shape): InputDeclaration => ({ shape, perStep: false });

const isShape = (declaration: InputDeclaration): declaration is Shape => Array.isArray(declaration);

/** The declaration in full, however it was written. */
export const describeInput = (
  declaration: InputDeclaration,
): { readonly shape: Shape; readonly perStep: boolean } =>
  isShape(declaration) ? { shape: declaration, perStep: true } : declaration;
