/** The library functions as WebAssembly text: `functions.wat` with its macros written out. */
import { expandMacros, type WatOptions } from "./expand_macros.ts";
import functions from "./functions.wat" with { type: "text" };

/**
 * Definitions to place in a module after its imports: the functions, the globals that hold their
 * constants, and `kernels`, the module's own functions, where the same macros may be used.
 */
export function wasmFunctions(
  { kernels = "", ...options }: WatOptions & { kernels?: string },
): string {
  return expandMacros(`${functions}\n${kernels}`, options);
}
