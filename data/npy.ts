/**
 * The format of numpy.save: "\x93NUMPY", a version, the length of a header, the header as a dict of Python, then
 * the elements. Source: NEP 1 of NumPy; versions 1 to 3. Nothing in such a file is executed.
 */
import { quote } from "../config/plain_text.ts";
import { DamagedFileError } from "../store/files/damaged_file_error.ts";
import { foreignKind } from "../store/files/foreign_file.ts";
import { elementBytes, elementCount, type Tensor, tensorOf } from "../store/files/tensor.ts";

const magic = "\x93NUMPY";
const mostHeaderBytes = 2 ** 20;

/** Element types by their letters and bytes. */
const dtypes: Readonly<Record<string, string>> = {
  b1: "BOOL",
  i1: "I8",
  i2: "I16",
  i4: "I32",
  i8: "I64",
  u1: "U8",
  u2: "U16",
  u4: "U32",
  u8: "U64",
  f2: "F16",
  f4: "F32",
  f8: "F64",
};

/** What other letters stand for, so that an error says how to go on. */
const otherKinds: Readonly<Record<string, string>> = {
  O: "Python objects, which can run code; save plain arrays of numbers",
  U: "texts; save them as a file of text or CSV",
  S: "texts; save them as a file of text or CSV",
  c: "complex numbers; save the real and the imaginary parts as two arrays",
  M: "dates; save them as numbers",
  m: "times; save them as numbers",
};

/**
 * The array of a file image, row-major whatever the order in the file.
 *
 * @param source the name of the file, for errors.
 * @throws DamagedFileError if it is not as the format says, or holds no real numbers.
 */
export function decodeNpy(bytes: Uint8Array, source: string): Tensor {
  const damaged = (problem: string) => new DamagedFileError(source, problem);
  const { header, start } = splitHeader(bytes, damaged);
  const { dtype, isBigEndian, isColumnMajor, shape } = parseHeader(header, damaged);
  const width = elementBytes.get(dtype)!;
  const data = new Uint8Array(bytes.subarray(start));
  let expected: number;
  try {
    expected = elementCount(shape) * width;
  } catch (error) {
    throw damaged((error as Error).message);
  }
  if (data.length !== expected) {
    throw damaged(
      `needs ${expected} bytes for its shape [${shape.join(", ")}], it has ${data.length}`,
    );
  }
  if (isBigEndian) reverseEach(data, width);
  try {
    const tensor = tensorOf(dtype, shape, data.buffer);
    return isColumnMajor ? rowMajor(tensor) : tensor;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw damaged(error.message);
  }
}

type Damaged = (problem: string) => DamagedFileError;

function splitHeader(bytes: Uint8Array, damaged: Damaged): { header: string; start: number } {
  const isNpy = [...magic].every((character, index) => bytes[index] === character.charCodeAt(0));
  if (!isNpy || bytes.length < 12) {
    throw damaged(`is ${foreignKind(bytes) ?? "no array"}; expected an array of numpy.save`);
  }
  const version = bytes[6]!;
  if (version < 1 || version > 3) throw damaged(`has version ${version}, expected 1, 2 or 3`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const begin = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const limit = Math.min(bytes.length - begin, mostHeaderBytes);
  if (length > limit) throw damaged(`header of ${length} bytes, expected at most ${limit}`);
  const header = new TextDecoder().decode(bytes.subarray(begin, begin + length));
  return { header, start: begin + length };
}

function parseHeader(header: string, damaged: Damaged) {
  const type = /'descr':\s*(?:'([^']*)'|(\[))/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header);
  const sizes = /'shape':\s*\(([\d,\sL]*)\)/.exec(header);
  if (!type || !order || !sizes) {
    throw damaged(`has a header that cannot be read: ${quote(header)}`);
  }
  if (type[2]) throw damaged("holds records with several fields; save each field as an array");
  const [, byteOrder, letters] = /^([<>=|]?)(.*)$/.exec(type[1]!)!;
  const dtype = Object.hasOwn(dtypes, letters!) ? dtypes[letters!] : undefined;
  if (dtype === undefined) {
    const kind = otherKinds[letters!.charAt(0)] ?? `numbers of type ${quote(type[1])}`;
    throw damaged(`holds ${kind}`);
  }
  const shape = sizes[1]!.split(",").map((size) => size.replace("L", "").trim())
    .filter((size) => size !== "").map(Number);
  return { dtype, isBigEndian: byteOrder === ">", isColumnMajor: order[1] === "True", shape };
}

/** Turns the bytes of each element around, in place. */
function reverseEach(data: Uint8Array, width: number): void {
  for (let at = 0; at < data.length; at += width) data.subarray(at, at + width).reverse();
}

/** The tensor whose elements lie column-major, row-major. */
function rowMajor({ dtype, shape, data }: Tensor): Tensor {
  const sorted = data.slice();
  // In the file the first axis is the innermost one.
  const strides = shape.map((_, axis) => elementCount(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  for (let to = 0, from = 0; to < sorted.length; to++) {
    sorted[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return { dtype, shape, data: sorted };
}
