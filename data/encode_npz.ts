/** Arrays as numpy.savez writes them: a zip file of arrays in the format of numpy.save. */
import { tensorBytes } from "../store/files/safetensors.ts";
import { type Dtype, elementCount, type Tensor } from "../store/files/tensor.ts";
import { zip } from "./zip_members.ts";

/** Element types by the letters of NumPy; typed arrays are little-endian on every platform that Deno runs on. */
const letters: Readonly<Record<Dtype, string>> = {
  F64: "<f8",
  F32: "<f4",
  I32: "<i4",
  U32: "<u4",
  U8: "|u1",
  BOOL: "|b1",
};

/** The data begin at a multiple of this, so that they can be mapped into memory. */
const ALIGNMENT = 64;

/**
 * The file image of arrays by name, which `numpy.load` and `readNpz` read. The same arrays give the same bytes.
 *
 * @throws RangeError if a shape does not fit its data, or the file would be over 4 GB.
 */
export const encodeNpz = (arrays: ReadonlyMap<string, Tensor>): Uint8Array<ArrayBuffer> =>
  zip([...arrays].map(([name, tensor]) => ({ name: `${name}.npy`, content: encodeNpy(tensor) })));

/** The file image of one array, version 1.0 of the format. @throws RangeError if its shape does not fit its data. */
export function encodeNpy(tensor: Tensor): Uint8Array<ArrayBuffer> {
  const { dtype, shape, data } = tensor;
  if (elementCount(shape) !== data.length) {
    throw new RangeError(`shape [${shape.join(", ")}] has ${data.length} elements`);
  }
  // Python's tuples of one end in a comma.
  const sizes = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dictionary = `{'descr': '${letters[dtype]}', 'fortran_order': False, 'shape': ${sizes}, }`;
  const before = 10;
  const length = Math.ceil((before + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT - before;
  const file = new Uint8Array(before + length + data.byteLength);
  file.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, length & 0xff, length >> 8]);
  file.set(new TextEncoder().encode(`${dictionary.padEnd(length - 1)}\n`), before);
  file.set(tensorBytes(tensor), before + length);
  return file;
}
