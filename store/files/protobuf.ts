/** Writes fields of protocol buffers: a key of field number and wire type, then the value. */

/** The bytes of parts, one after the other. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}

/** Base-128 integer, least significant group first. @throws RangeError unless it is an integer from 0. */
function varint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`expected an integer >= 0, got ${value}`);
  }
  const groups: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) groups.push(rest % 128 + 128);
  return Uint8Array.of(...groups, rest);
}

const key = (field: number, wireType: number) => Uint8Array.of(field * 8 + wireType);

/** An integer, a truth value or the number of an enumeration. */
export const integerField = (field: number, value: number): Uint8Array =>
  concat([key(field, 0), varint(value)]);

export const doubleField = (field: number, value: number): Uint8Array =>
  concat([key(field, 1), doubles([value])]);

/** Bytes, a message, or several numbers. */
export const bytesField = (field: number, bytes: Uint8Array): Uint8Array =>
  concat([key(field, 2), varint(bytes.length), bytes]);

export const textField = (field: number, text: string): Uint8Array =>
  bytesField(field, new TextEncoder().encode(text));

/** A message of some fields. */
export const messageField = (field: number, fields: readonly Uint8Array[]): Uint8Array =>
  bytesField(field, concat(fields));

/** A list of numbers, as it is packed. */
export const doublesField = (field: number, values: readonly number[]): Uint8Array =>
  bytesField(field, doubles(values));

export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat([key(field, 5), bytes]);
}

function doubles(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setFloat64(8 * index, value, true));
  return bytes;
}
