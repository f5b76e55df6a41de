/** How a model, a loss and a task declare what is given from outside, in one notation. */
import type { Shape } from "../axes.ts";

/**
 * Shape of a per-step value, or a shape with how often it is given: scalar `[]`, vector `[n]` or matrix
 * `[post, pre]`.
 *
 *     inputs: () => ({ symbol: [], pattern: fixed([64]) })
 */
export type InputDeclaration = Shape | {
  /** Shape of the value. */
  readonly shape: Shape;
  /** False: one value for the whole sequence; what depends on it alone is computed once. */
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

/** The declaration in full, whichever way it was written. */
export const describeInput = (
  declaration: InputDeclaration,
): { readonly shape: Shape; readonly perStep: boolean } =>
  isShape(declaration) ? { shape: declaration, perStep: true } : declaration;
