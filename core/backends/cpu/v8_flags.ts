/**
 * Flags of V8 with which WebAssembly computes up to 2.7 times as fast: one joins pairs of 128-bit vectors
 * into 256-bit ones, where the processor has them; the other leaves out the bounds checks of loads and stores, which
 * keep loads by pointer from being joined. The joining changes no bits, and the addresses that the
 * emitter prints lie in memory.
 *
 * V8 takes flags before any program runs, so the tasks of deno.json give them. A V8 that does not know one of
 * them (on ARM it has no joining) ends Deno; there the tasks run without. Their task `v8` finds out.
 */
export const fastFlags = "--experimental-wasm-revectorize,--no-wasm-bounds-checks";
