/** Documents as symbols, one after another in one array. */

/** Some documents. */
export interface Documents {
  /** The symbols of all documents, [symbols]. */
  readonly symbols: Uint8Array | Uint16Array;
  /** Where each document ends, [documents]. */
  readonly ends: Uint32Array;
}

/** Where a document begins. */
export const startOf = ({ ends }: Documents, document: number): number =>
  document === 0 ? 0 : ends[document - 1]!;

/** Collects documents. */
export interface DocumentWriter {
  /** Adds the first `length` symbols of an array as a document. */
  add(symbols: Uint16Array, length: number): void;
  /** What was added. */
  finish(): Documents;
}

/** @param symbolCount how many different symbols there are: up to 256 take a byte each. */
export function createDocumentWriter(symbolCount: number): DocumentWriter {
  const Kind = symbolCount <= 256 ? Uint8Array : Uint16Array;
  let symbols: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> = new Kind(1 << 12);
  let ends = new Uint32Array(1 << 8);
  let [length, count] = [0, 0];
  return {
    add(document, size) {
      if (length + size > symbols.length) {
        const larger = new Kind(2 * (length + size));
        larger.set(symbols.subarray(0, length));
        symbols = larger;
      }
      if (count === ends.length) {
        const larger = new Uint32Array(2 * count);
        larger.set(ends);
        ends = larger;
      }
      symbols.set(document.subarray(0, size), length);
      length += size;
      ends[count++] = length;
    },
    finish: () => ({ symbols: symbols.slice(0, length), ends: ends.slice(0, count) }),
  };
}
