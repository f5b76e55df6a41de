/** A zip file of members that are stored as they are. Source: APPNOTE.TXT of PKWARE, without its 64-bit extension. */
import { crc32 } from "node:zlib";

interface Member {
  readonly name: string;
  readonly content: Uint8Array;
}

/** Readers need version 2.0, and names are UTF-8. */
const VERSION = 20;
const UTF8_NAMES = 1 << 11;
/** 1 January 1980, the first day that the format knows: the same members give the same bytes. */
const DATE = (1 << 5) | 1;
const LARGEST = 0xffff_fffe;

/** The file image of members in their order. @throws RangeError if it would be over 4 GB. */
export function zip(members: readonly Member[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const list: Uint8Array[] = [];
  let offset = 0;
  const add = (part: Uint8Array) => {
    parts.push(part);
    offset += part.length;
  };
  for (const { name, content } of members) {
    const encoded = new TextEncoder().encode(name);
    const sizes: Field[] = [[4, crc32(content)], [4, content.length], [4, content.length]];
    const common: Field[] = [[2, VERSION], [2, UTF8_NAMES], [2, 0], [2, 0], [2, DATE], ...sizes];
    const names: Field[] = [[2, encoded.length], [2, 0]];
    const place: Field = [4, offset];
    list.push(
      record([
        [4, 0x02014b50],
        [2, VERSION],
        ...common,
        ...names,
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        place,
      ]),
      encoded,
    );
    add(record([[4, 0x04034b50], ...common, ...names]));
    add(encoded);
    add(content);
  }
  const start = offset;
  list.forEach(add);
  const count = members.length;
  if (offset > LARGEST || count > 0xffff) {
    throw new RangeError("a zip file holds at most 4 GB and 65535 members");
  }
  add(
    record([[4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, offset - start], [
      4,
      start,
    ], [2, 0]]),
  );
  return joined(parts, offset);
}

/** Bytes and value of a number. */
type Field = readonly [bytes: 2 | 4, value: number];

/** Numbers one after the other, little-endian. */
function record(fields: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return bytes;
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}
