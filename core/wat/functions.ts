/** The library functions as WebAssembly text: `functions.wat` with its macros expanded. */
import { expandMacros, type WatOptions } from "./expand_macros.ts";
import functions from "./functions.wat" with { type: "text" };

/**
 * The definitions of a module, to be placed after its imports: the library functions, the module's own
 * functions (`kernels`, which may use the same macros), and the globals that hold their constants.
 */
export function wasmFunctions(
  { kernels = "", ...options }: WatOptions & { kernels?: string },
): string {
  return expandMacros(`${functions}\n${kernels}`, options);
}
