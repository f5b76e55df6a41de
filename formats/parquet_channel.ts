/** What two threads say to each other by turns while one of them reads Parquet for the other: see `parquet_texts.ts`. */

/** Words of the memory that both threads share: whose turn it is, what was said, and of how many bytes. */
export const words = { turn: 0, kind: 1, length: 2 } as const;
/** Whose turn it is. */
export const turns = { worker: 0, reader: 1 } as const;
/** What the worker says. Its payload is JSON: names of columns, cells, nothing, or a message. */
export const kinds = { names: 0, cells: 1, end: 2, error: 3 } as const;

/** What the worker is told. */
export interface ParquetStart {
  /** The address of the file. */
  readonly path: string | URL;
  readonly control: SharedArrayBuffer;
  /** Grows with what is said. */
  readonly payload: SharedArrayBuffer;
}

/** What the other thread has said. */
export function received(state: Int32Array, payload: SharedArrayBuffer): unknown {
  // A copy: no text is decoded from memory that may change.
  const bytes = new Uint8Array(payload, 0, state[words.length]).slice();
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** Says something to the other thread, whose turn it is then. */
export function say(
  state: Int32Array,
  payload: SharedArrayBuffer,
  { turn, kind, value }: { turn: number; kind: number; value: unknown },
): void {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  if (bytes.length > payload.byteLength) payload.grow(bytes.length);
  new Uint8Array(payload).set(bytes);
  state[words.length] = bytes.length;
  state[words.kind] = kind;
  Atomics.store(state, words.turn, turn);
  Atomics.notify(state, words.turn);
}
