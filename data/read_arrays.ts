/** Readers of arrays of numbers. */
import { quote } from "../config/plain_text.ts";
import { DamagedFileError } from "../store/files/damaged_file_error.ts";
import { foreignKind } from "../store/files/foreign_file.ts";
import { decodeSafetensors } from "../store/files/safetensors.ts";
import type { Tensor } from "../store/files/tensor.ts";
import { type DataPath, readDataFile, sourceOf } from "./data_file.ts";
import { decodeNpy } from "./npy.ts";
import { unzip } from "./zip.ts";

/**
 * The array of a file that numpy.save wrote: real numbers of any type and byte order, row-major or column-major,
 * at most 2 GB. Types that a `Tensor` lacks are widened: float16 to F32, short integers to I32, and long ones to F64.
 *
 * @throws DamagedFileError, one line that names the file: no array, complex numbers, texts, Python objects, an
 * integer beyond 2^53, a wrong length.
 * @example
 * const { shape, data } = readNpy("images.npy"); // shape [60000, 28, 28]
 * const first = data.subarray(0, 28 * 28);
 */
export const readNpy = (path: DataPath): Tensor => decodeNpy(readDataFile(path), sourceOf(path));

/**
 * The arrays of a file that numpy.savez or numpy.savez_compressed wrote, by their names. At most 2 GB, also
 * unpacked; each array as `readNpy` has it.
 *
 * @throws DamagedFileError, one line that names file and array.
 * @example
 * const arrays = readNpz("data.npz");
 * const x = arrays.get("x")!.data;
 */
export function readNpz(path: DataPath): Map<string, Tensor> {
  const source = sourceOf(path);
  const bytes = readDataFile(path);
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) {
    throw new DamagedFileError(
      source,
      `is ${foreignKind(bytes) ?? "no zip file"}; expected arrays of numpy.savez`,
    );
  }
  const arrays = new Map<string, Tensor>();
  for (const [file, content] of unzip(bytes, source)) {
    const name = file.replace(/\.npy$/, "");
    arrays.set(name, decodeNpy(content, `${source}: ${quote(name)}`));
  }
  return arrays;
}

/**
 * The tensors of a file of safetensors by their names, at most 2 GB. Types that a `Tensor` lacks are widened: F16
 * and BF16 to F32, short integers to I32, and long ones to F64.
 *
 * @throws DamagedFileError, one line that names file and tensor.
 * @example
 * const embedding = readSafetensors("words.safetensors").get("embedding")!;
 * const [words, size] = embedding.shape;
 */
export const readSafetensors = (path: DataPath): Map<string, Tensor> =>
  decodeSafetensors(readDataFile(path), { source: sourceOf(path) }).tensors;
