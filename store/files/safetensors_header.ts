/**
 * The header of a safetensors file, read as if it were hostile: every length, name, type, shape and
 * offset is checked before a byte of data is touched.
 */
import { DamagedFileError } from "./damaged_file_error.ts";
import { parseJson } from "../../config/parse_json.ts";
import { foreignKind } from "./foreign_file.ts";
import { elementBytes, elementCount } from "./tensor.ts";

/** Longest accepted header, in bytes. */
export const maxHeaderBytes = 16 * 1024 * 1024;

/** Header key of the file's own texts. */
export const metadataKey = "__metadata__";

/** Names with a meaning in JavaScript objects; no honest file needs them. */
const forbiddenNames = new Set(["__proto__", "constructor", "prototype"]);

type Damaged = (problem: string) => DamagedFileError;

/** One tensor of the header, with its byte range in the data. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly infos: readonly TensorInfo[];
  readonly metadata: Record<string, string>;
  /** All tensor bytes (a view of the input), covered exactly once by `infos`. */
  readonly dataBytes: Uint8Array;
}

/**
 * Reads and checks the header of a file image.
 * @param options.source the file's name, for error messages
 * @throws DamagedFileError when anything is not as the format says
 */
export function readHeader(
  bytes: Uint8Array,
  { source }: { source: string },
): SafetensorsHeader {
  const damaged = (problem: string) => new DamagedFileError(source, problem);
  const { header, dataBytes } = parseHeader(bytes, damaged);
  const metadata: Record<string, string> = {};
  const infos: TensorInfo[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === metadataKey) Object.assign(metadata, checkMetadata(value, damaged));
    else infos.push(checkInfo(name, value, damaged));
  }
  checkOffsets(infos, dataBytes.length, damaged);
  return { infos, metadata, dataBytes };
}

function parseHeader(bytes: Uint8Array, damaged: Damaged) {
  const foreign = () => {
    const kind = foreignKind(bytes);
    return kind === undefined ? undefined : damaged(`is ${kind}; expected a safetensors file`);
  };
  if (bytes.length < 8) {
    throw foreign() ?? damaged(`expected at least 8 bytes of safetensors, found ${bytes.length}`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const limit = Math.min(bytes.length - 8, maxHeaderBytes);
  if (length < 2n || length > BigInt(limit)) {
    throw foreign() ?? damaged(`header length ${length} is not within 2 to ${limit} bytes`);
  }
  const start = 8 + Number(length);
  let header: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes.subarray(8, start));
    if (!text.startsWith("{")) throw damaged("header does not start with {");
    header = parseJson(text);
  } catch (error) {
    if (error instanceof DamagedFileError) throw error;
    const { message } = error as Error;
    throw damaged(`header is not valid JSON in UTF-8: ${message}`);
  }
  return { header: header as Record<string, unknown>, dataBytes: bytes.subarray(start) };
}

/** Why a name of a tensor or of metadata cannot be used; undefined if it can. */
export function nameProblem(name: string): string | undefined {
  if (name === metadataKey || forbiddenNames.has(name)) return "is a reserved name";
  if (name.length === 0 || name.length > 512) return "is not 1 to 512 characters long";
  if (/\p{Cc}/u.test(name) || !name.isWellFormed()) return "has control characters";
  return undefined;
}

/** A name from a file, quoted and cut so that an error stays one readable line. */
export const quote = (name: string) =>
  JSON.stringify(name.length > 80 ? name.slice(0, 80) + "…" : name);

function checkMetadata(value: unknown, damaged: Damaged): Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw damaged(`${metadataKey} is not an object`);
  }
  for (const [name, text] of Object.entries(value)) {
    const problem = nameProblem(name) ?? (typeof text === "string" ? undefined : "is not a text");
    if (problem) throw damaged(`metadata ${quote(name)} ${problem}`);
  }
  return value as Record<string, string>;
}

function checkInfo(name: string, value: unknown, damaged: Damaged): TensorInfo {
  const problem = nameProblem(name);
  if (problem) throw damaged(`tensor ${quote(name)} ${problem}`);
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  const width = typeof dtype === "string" ? elementBytes.get(dtype) : undefined;
  if (typeof dtype !== "string" || width === undefined) {
    const got = typeof dtype === "string" ? quote(dtype) : "no text";
    const dtypes = [...elementBytes.keys()].join(", ");
    throw damaged(`tensor ${quote(name)} has ${got} as dtype, expected one of ${dtypes}`);
  }
  if (!isSizes(shape)) {
    throw damaged(`tensor ${quote(name)} has a shape that is not a list of integers >= 0`);
  }
  if (!isSizes(offsets) || offsets.length !== 2) {
    throw damaged(`tensor ${quote(name)} has data_offsets that are not two integers >= 0`);
  }
  const [begin = 0, end = 0] = offsets;
  let expected: number;
  try {
    expected = elementCount(shape) * width;
  } catch {
    throw damaged(`tensor ${quote(name)} has a shape with too many elements`);
  }
  if (end - begin !== expected) {
    throw damaged(`tensor ${quote(name)} needs ${expected} bytes, its offsets span ${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((x) => Number.isSafeInteger(x) && x >= 0);
}

/** Tensors must cover the data exactly: no gap, no overlap, nothing left over. */
function checkOffsets(infos: readonly TensorInfo[], length: number, damaged: Damaged): void {
  let position = 0;
  for (const { name, begin, end } of infos.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== position) {
      throw damaged(`tensor ${quote(name)} begins at ${begin}, expected ${position}`);
    }
    position = end;
  }
  if (position !== length) {
    throw damaged(`tensors take ${position} bytes of data, the file has ${length}`);
  }
}
