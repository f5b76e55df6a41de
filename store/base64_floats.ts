/** Numbers as base64 of little-endian float32: exact float32 values, and shorter than digits. */

/** Rounds to float32 and encodes; `unpackFloats` reads it back. */
export function packFloats(values: ArrayLike<number>): string {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < values.length; index++) {
    view.setFloat32(4 * index, values[index]!, true);
  }
  return bytes.toBase64();
}

/**
 * Decodes what `packFloats` made.
 *
 * @throws SyntaxError if the text is not base64, RangeError if its bytes are no whole float32 values.
 */
export function unpackFloats(text: string): Float32Array {
  const bytes = Uint8Array.fromBase64(text);
  if (bytes.length % 4 !== 0) throw new RangeError("base64 does not hold whole float32 values");
  const view = new DataView(bytes.buffer);
  return Float32Array.from(
    { length: bytes.length / 4 },
    (_, index) => view.getFloat32(4 * index, true),
  );
}
