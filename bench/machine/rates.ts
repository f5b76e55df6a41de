import { copyRates } from "./copies.ts";
import { multiplyAddRates } from "./multiply_adds.ts";

/** What one thread can do, in the order of the tables `kernels` and `footprints`. */
export interface Rates {
  readonly gigaflops: readonly number[];
  readonly gigabytes: readonly number[];
}

/** Measures this thread. */
export const measureRates = (module: WebAssembly.Module): Rates => ({
  gigaflops: multiplyAddRates(module),
  gigabytes: copyRates(),
});
