/**
 * Reader and writer of the safetensors format: u64 little-endian header length, a JSON header
 * (`{name: {dtype, shape, data_offsets}, __metadata__: {text: text}}`, padded with spaces), then
 * the tensors, row-major, little-endian, without gaps. Nothing in such a file is ever executed.
 *
 * Typed arrays are little-endian on every platform Deno runs on, so data is copied as it is.
 */
import { DamagedFileError } from "./damaged_file_error.ts";
import {
  maxHeaderBytes,
  metadataKey,
  nameProblem,
  quote,
  readHeader,
  type TensorInfo,
} from "./safetensors_header.ts";
import { elementArrays, elementCount, type Tensor, tensorOf } from "./tensor.ts";

export interface DecodedSafetensors {
  /** In the order of the header, each with an aligned copy of its data. */
  readonly tensors: Map<string, Tensor>;
  readonly metadata: Record<string, string>;
  /** All tensor bytes as they lie in the file (a view of the input). */
  readonly dataBytes: Uint8Array;
}

/**
 * The tensors in stored order: widest element first, then by name. This order aligns every tensor to its
 * element size, and gives equal bytes for equal content.
 */
export function storedOrder(tensors: ReadonlyMap<string, Tensor>): [string, Tensor][] {
  return [...tensors].sort(([nameA, a], [nameB, b]) =>
    elementArrays[b.dtype].BYTES_PER_ELEMENT - elementArrays[a.dtype].BYTES_PER_ELEMENT ||
    (nameA < nameB ? -1 : 1)
  );
}

/** The bytes of a tensor's data: a view, or a copy if the data are in shared memory. */
export function tensorBytes({ data }: Tensor): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = data;
  // Hashing and file writing take no shared memory.
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength));
}

/**
 * Encodes tensors and metadata into one file image.
 * @throws TypeError when a name is unusable or a dtype does not match its array
 * @throws RangeError when a shape does not match its data, or the header is too long
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const ordered = storedOrder(tensors);
  const entries: string[] = [];
  const metadataEntries = Object.entries(metadata);
  for (const [name, value] of metadataEntries) {
    const problem = nameProblem(name) ??
      (typeof value === "string" && value.isWellFormed() ? undefined : "is not well-formed text");
    if (problem) throw new TypeError(`metadata ${JSON.stringify(name)} ${problem}`);
  }
  if (metadataEntries.length > 0) {
    const texts = metadataEntries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`);
    entries.push(`"${metadataKey}":{${texts.join(",")}}`);
  }
  let offset = 0;
  for (const [name, tensor] of ordered) {
    checkTensor(name, tensor);
    const info = {
      dtype: tensor.dtype,
      shape: tensor.shape,
      data_offsets: [offset, offset += tensor.data.byteLength],
    };
    entries.push(`${JSON.stringify(name)}:${JSON.stringify(info)}`);
  }
  const header = new TextEncoder().encode(`{${entries.join(",")}}`);
  const headerLength = Math.ceil(header.length / 8) * 8;
  if (headerLength > maxHeaderBytes) {
    throw new RangeError(`safetensors header of ${headerLength} bytes is over ${maxHeaderBytes}`);
  }
  const file = new Uint8Array(8 + headerLength + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.set(header, 8);
  file.fill(0x20, 8 + header.length, 8 + headerLength);
  let position = 8 + headerLength;
  for (const [, tensor] of ordered) {
    file.set(tensorBytes(tensor), position);
    position += tensor.data.byteLength;
  }
  return file;
}

/**
 * Decodes a file image. Types that Hebb does not write are widened by `tensorOf`.
 * @param options.source the file's name, for error messages
 * @throws DamagedFileError when anything is not as the format says
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  { source }: { source: string },
): DecodedSafetensors {
  const { infos, metadata, dataBytes } = readHeader(bytes, { source });
  const tensors = new Map<string, Tensor>();
  for (const info of infos) tensors.set(info.name, copyTensor(info, { dataBytes, source }));
  return { tensors, metadata, dataBytes };
}

function checkTensor(name: string, { dtype, shape, data }: Tensor): void {
  const problem = nameProblem(name);
  if (problem) throw new TypeError(`tensor ${quote(name)} ${problem}`);
  if (!(data instanceof elementArrays[dtype])) {
    throw new TypeError(`tensor ${quote(name)} of ${dtype} needs ${elementArrays[dtype].name}`);
  }
  if (elementCount(shape) !== data.length) {
    throw new RangeError(
      `tensor ${quote(name)} of shape [${shape.join(", ")}] has ${data.length} elements`,
    );
  }
}

function copyTensor(
  info: TensorInfo,
  { dataBytes, source }: { dataBytes: Uint8Array; source: string },
): Tensor {
  const { name, dtype, shape, begin, end } = info;
  const copy = new Uint8Array(dataBytes.subarray(begin, end)).buffer;
  try {
    return tensorOf(dtype, shape, copy);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DamagedFileError(source, `tensor ${quote(name)} of ${dtype} ${error.message}`);
  }
}
