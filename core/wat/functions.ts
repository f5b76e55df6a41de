/** The elementary functions as WebAssembly text: `functions.wat` with its macros written out. */
import type { ElementaryFunctionName } from "../numerics/elementary_functions.ts";
import { expandMacros, type WatOptions } from "./expand_macros.ts";
import functions from "./functions.wat" with { type: "text" };

/** Name in the text of each function: v128 -> v128, four f32. */
export const wasmFunctionNames: Readonly<Record<ElementaryFunctionName, string>> = {
  exp: "$hebb_exp",
  log: "$hebb_log",
  tanh: "$hebb_tanh",
  sigmoid: "$hebb_sigmoid",
  erf: "$hebb_erf",
  gelu: "$hebb_gelu",
  geluDerivative: "$hebb_gelu_derivative",
};

/**
 * Definitions to place in a module after its imports: the functions, the globals that hold their
 * constants, and `kernels`, the module's own functions, where the same macros may be used.
 */
export function wasmFunctions(
  { kernels = "", ...options }: WatOptions & { kernels?: string },
): string {
  return expandMacros(`${functions}\n${kernels}`, options);
}
