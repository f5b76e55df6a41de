/** Detects features of the engine's WebAssembly. */

/**
 * A module whose only function, with no parameters and no results, is
 * `(drop (f32x4.relaxed_madd (v128.const ...) (v128.const ...) (v128.const ...)))`.
 */
function relaxedMultiplyAddModule(): Uint8Array<ArrayBuffer> {
  const zeros = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
  const code = [0, ...zeros, ...zeros, ...zeros, 0xfd, 0x85, 0x02, 0x1a, 0x0b];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 4, 1, 0x60, 0, 0],
    ...[3, 2, 1, 0],
    ...[10, code.length + 2, 1, code.length, ...code],
  ]);
}

/** Whether the engine has relaxed SIMD: multiply-add, conversions and selection of 4 f32. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(relaxedMultiplyAddModule());
}
