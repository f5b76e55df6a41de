/** Reads tensors of any format that is known, told by what is in the file. */
import type { Tensor } from "../store/files/tensor.ts";
import { type DataPath, readDataFile, sourceOf } from "./data_file.ts";
import { readNpz, readSafetensors } from "./read_arrays.ts";
import { readTorchState } from "./torch_state.ts";
import { unzip } from "./zip.ts";

/**
 * The tensors of a file by their names: of safetensors, a checkpoint of a run, arrays of numpy.savez, or a
 * state_dict of torch.save. Nothing in the file is executed.
 *
 * @throws DamagedFileError, one line that names the file.
 */
export function readTensors(path: DataPath): Map<string, Tensor> {
  const bytes = readDataFile(path);
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return readSafetensors(path);
  const isTorch = [...unzip(bytes, sourceOf(path)).keys()].some((name) =>
    name.endsWith("data.pkl")
  );
  return isTorch ? readTorchState(path) : readNpz(path);
}
