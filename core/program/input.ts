/** How a model, a loss and a task declare what is given from outside, in one notation. */
import type { Shape } from "../axes.ts";

/** The shape of a value that every step has its own of, or that with how often there is one. */
export type InputDeclaration = Shape | {
  readonly shape: Shape;
  /** False: one value for the whole sequence, so what is made of it alone is computed once. */
  readonly perStep: boolean;
};

export type InputDeclarations = Readonly<Record<string, InputDeclaration>>;

/** An input that is the same at every step of a sequence. */
export const fixed = (shape: Shape): InputDeclaration => ({ shape, perStep: false });

const isShape = (declaration: InputDeclaration): declaration is Shape => Array.isArray(declaration);

/** The declaration with everything said. */
export const describeInput = (
  declaration: InputDeclaration,
): { readonly shape: Shape; readonly perStep: boolean } =>
  isShape(declaration) ? { shape: declaration, perStep: true } : declaration;
