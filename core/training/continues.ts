/** The input by which a task says that a sequence continues another one. */
import { fixed, type InputDeclaration } from "../program/input.ts";

/** Its name: 1 where a sequence continues the one before it in its place of the batch, 0 where it begins anew. */
export const continuesInput = "continues";

/** How a task declares it: once a sequence. */
export const continuesDeclaration: InputDeclaration = fixed([]);

/** Whether a task says so. */
export const saysContinues = ({ inputs }: { readonly inputs: object }): boolean =>
  Object.hasOwn(inputs, continuesInput);
