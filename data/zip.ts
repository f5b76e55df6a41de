/** Members of a zip file, stored or deflated. Source: APPNOTE.TXT of PKWARE, without its 64-bit extension. */
import { crc32, inflateRawSync } from "node:zlib";
import { quote } from "../config/plain_text.ts";
import { DamagedFileError } from "../store/files/damaged_file_error.ts";
import { mostDataBytes } from "./data_file.ts";

const END = 0x06054b50;
const END_BYTES = 22;
const MEMBER = 0x02014b50;
const MEMBER_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

/** A member of the list at the end of the file. */
interface Member {
  readonly name: string;
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly checksum: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/**
 * The bytes of each member by its name, in the order of the file.
 *
 * @param source the name of the file, for errors.
 * @throws DamagedFileError if it is not as the format says, is encrypted, or holds more than `mostDataBytes`.
 */
export function unzip(file: Uint8Array, source: string): Map<string, Uint8Array> {
  const damaged = (problem: string) => new DamagedFileError(source, problem);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const members = membersOf(file, view, damaged);
  const total = members.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > mostDataBytes) throw damaged(`holds ${total} bytes, expected at most 2 GB`);
  const contents = new Map<string, Uint8Array>();
  for (const member of members) {
    const memberDamaged = (problem: string) => damaged(`member ${quote(member.name)} ${problem}`);
    if (contents.has(member.name)) throw memberDamaged("is there twice");
    contents.set(member.name, contentOf(file, view, { member, damaged: memberDamaged }));
  }
  return contents;
}

type Damaged = (problem: string) => DamagedFileError;

function membersOf(file: Uint8Array, view: DataView, damaged: Damaged): Member[] {
  const end = endOf(view);
  if (end === undefined) throw damaged("is no whole zip file: the list of its members is missing");
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) throw damaged("is a zip file of over 4 GB");
  const members: Member[] = [];
  for (let index = 0; index < count; index++) {
    if (at + MEMBER_BYTES > file.length || view.getUint32(at, true) !== MEMBER) {
      throw damaged(`has a list of ${count} members that ends after ${index}`);
    }
    const nameEnd = at + MEMBER_BYTES + view.getUint16(at + 28, true);
    members.push({
      name: new TextDecoder().decode(file.subarray(at + MEMBER_BYTES, nameEnd)),
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      packedBytes: view.getUint32(at + 20, true),
      bytes: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return members;
}

/** Where the end record begins: the last one, behind which only a comment may stand. */
function endOf(view: DataView): number | undefined {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= 0 && at >= last - 0xffff; at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  return undefined;
}

function contentOf(
  file: Uint8Array,
  view: DataView,
  { member, damaged }: { member: Member; damaged: Damaged },
): Uint8Array {
  const { offset, packedBytes, bytes, method, checksum, isEncrypted } = member;
  if (isEncrypted) throw damaged("is encrypted");
  if (offset + LOCAL_BYTES > file.length || view.getUint32(offset, true) !== LOCAL) {
    throw damaged("is not where the list says");
  }
  const start = offset + LOCAL_BYTES + view.getUint16(offset + 26, true) +
    view.getUint16(offset + 28, true);
  if (start + packedBytes > file.length) throw damaged("goes on behind the end of the file");
  const packed = file.subarray(start, start + packedBytes);
  let content: Uint8Array = packed;
  if (method === DEFLATED) {
    try {
      content = inflateRawSync(packed, { maxOutputLength: Math.max(bytes, 1) });
    } catch (error) {
      throw damaged(`cannot be unpacked: ${(error as Error).message}`);
    }
  } else if (method !== STORED) {
    throw damaged(`is packed by method ${method}, expected ${STORED} or ${DEFLATED}`);
  }
  if (content.length !== bytes) throw damaged(`has ${content.length} bytes, expected ${bytes}`);
  if (crc32(content) !== checksum) throw damaged("does not fit its checksum");
  return content;
}
