/**
 * Files of torch.save that hold a state_dict: a zip file with a pickle of names and shapes, and the numbers of
 * each storage beside it. Nothing in such a file is executed.
 */
import { DamagedFileError } from "../store/files/damaged_file_error.ts";
import { foreignKind } from "../store/files/foreign_file.ts";
import { elementBytes, elementCount, type Tensor, tensorOf } from "../store/files/tensor.ts";
import { type DataPath, mostDataBytes, readDataFile, sourceOf } from "./data_file.ts";
import { type Meanings, nameOf, unpickle } from "./pickle.ts";
import { unzip } from "./zip.ts";

/** Element types by the storages of PyTorch. */
const storages: Readonly<Record<string, string>> = {
  "torch.DoubleStorage": "F64",
  "torch.FloatStorage": "F32",
  "torch.HalfStorage": "F16",
  "torch.BFloat16Storage": "BF16",
  "torch.LongStorage": "I64",
  "torch.IntStorage": "I32",
  "torch.ShortStorage": "I16",
  "torch.CharStorage": "I8",
  "torch.ByteStorage": "U8",
  "torch.BoolStorage": "BOOL",
};

/** The numbers that tensors may share. */
class Storage {
  constructor(readonly dtype: string, readonly bytes: Uint8Array) {}
}

class TorchTensor {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

const isStorage = () => {
  throw new RangeError("calls a storage");
};

const meanings: Meanings = {
  "collections.OrderedDict": (items = []) => new Map(items as [unknown, unknown][]),
  "torch._utils._rebuild_tensor_v2": (storage, offset, shape, strides) => {
    const isTensor = storage instanceof Storage && Number.isSafeInteger(offset) &&
      isSizes(shape) && isSizes(strides) && shape.length === strides.length;
    if (!isTensor) throw new RangeError("describes no tensor");
    return new TorchTensor(storage, offset as number, shape, strides);
  },
  "torch._utils._rebuild_parameter": (tensor) => tensor,
  ...Object.fromEntries(Object.keys(storages).map((name) => [name, isStorage])),
};

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);

/**
 * The tensors of a file that torch.save wrote of a state_dict, by their names; of dicts inside dicts the names are
 * joined by dots. At most 2 GB. Types that a `Tensor` lacks are widened, as in `readSafetensors`.
 *
 * @throws DamagedFileError, one line that names the file: no such file, one of a whole model, whose code would have
 *   to run, or of before PyTorch 1.6.
 * @example
 * const weight = readTorchState("model.pt").get("rnn.weight_hh_l0")!;
 */
export function readTorchState(path: DataPath): Map<string, Tensor> {
  const source = sourceOf(path);
  const bytes = readDataFile(path);
  const damaged = (problem: string) => new DamagedFileError(source, problem);
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) {
    const kind = foreignKind(bytes) ?? "no zip file";
    throw damaged(
      `is ${kind}; expected a state_dict that torch.save of PyTorch 1.6 or later wrote`,
    );
  }
  const members = unzip(bytes, source);
  const pickle = [...members.keys()].find((name) => /(^|\/)data\.pkl$/.test(name));
  if (pickle === undefined) throw damaged("holds no data.pkl, which torch.save writes");
  const root = pickle.replace(/data\.pkl$/, "");
  const order = members.get(`${root}byteorder`);
  if (order && new TextDecoder().decode(order).trim() !== "little") {
    throw damaged("has its bytes in big-endian order");
  }
  try {
    const value = unpickle(members.get(pickle)!, {
      meanings,
      persistent(kind, type, key) {
        const dtype = storages[nameOf(type) ?? ""];
        const content = members.get(`${root}data/${key}`);
        if (kind !== "storage" || !dtype || !content) throw new RangeError("lacks a storage");
        return new Storage(dtype, content);
      },
    });
    const tensors = new Map<string, Tensor>();
    collect(value, { prefix: "", tensors, depth: 0 });
    if (tensors.size === 0) throw new RangeError("holds no tensor");
    return tensors;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw damaged(`${error.message}; expected a state_dict: torch.save(model.state_dict(), path)`);
  }
}

/** Takes the tensors out of dicts. */
function collect(
  value: unknown,
  { prefix, tensors, depth }: { prefix: string; tensors: Map<string, Tensor>; depth: number },
): void {
  if (value instanceof TorchTensor) tensors.set(prefix, dense(value, prefix));
  if (!(value instanceof Map) || depth > 8) return;
  for (const [key, inner] of value) {
    const name = prefix === "" ? String(key) : `${prefix}.${key}`;
    collect(inner, { prefix: name, tensors, depth: depth + 1 });
  }
}

/** The elements of a tensor, row-major, whatever part of its storage they are. @throws RangeError */
function dense(
  { storage: { dtype, bytes }, offset, shape, strides }: TorchTensor,
  name: string,
): Tensor {
  const width = elementBytes.get(dtype)!;
  const count = elementCount(shape);
  const last = shape.reduce(
    (sum, size, axis) => sum + Math.max(0, size - 1) * strides[axis]!,
    offset,
  );
  if (count > 0 && (last + 1) * width > bytes.length) {
    throw new RangeError(`has less numbers than tensor ${JSON.stringify(name)} needs`);
  }
  if (count * width > mostDataBytes) {
    throw new RangeError(`has tensor ${JSON.stringify(name)} of over 2 GB`);
  }
  const packed = new Uint8Array(count * width);
  const index = shape.map(() => 0);
  for (let to = 0, from = offset; to < count; to++) {
    packed.set(bytes.subarray(from * width, (from + 1) * width), to * width);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return tensorOf(dtype, shape, packed.buffer);
}
