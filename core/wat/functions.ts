/** The library functions as WebAssembly text: `functions.wat` and `random.wat` with their macros expanded. */
import { expandMacros, type WatOptions } from "./expand_macros.ts";
import functions from "./functions.wat" with { type: "text" };
import random from "./random.wat" with { type: "text" };

/**
 * The definitions of a module, to be placed after its imports: the library functions, the module's own
 * functions (`kernels`, which may use the same macros), and the globals that hold their constants.
 */
export function wasmFunctions(
  { kernels = "", ...options }: WatOptions & { kernels?: string },
): string {
  // A program without random numbers does without their functions.
  const library = kernels.includes("$hebb_random") ? `${functions}\n${random}` : functions;
  return expandMacros(`${library}\n${kernels}`, options);
}
