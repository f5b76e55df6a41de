/**
 * The text of a file's bytes, without a byte order mark.
 *
 * @throws SyntaxError if they are not UTF-8: a decoder that replaces what it cannot read would change names.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new SyntaxError("it is not UTF-8 text", { cause: error });
  }
}
