/** Damage to a safetensors file that knows the format: headers that lie, and seals that are right. */
import type { RandomStream } from "../../core/random.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../store/files/checkpoint_format.ts";
import { decodeSafetensors, encodeSafetensors } from "../../store/files/safetensors.ts";
import type { Tensor } from "../../store/files/tensor.ts";
import { concatBytes } from "./mutate_bytes.ts";
import { textMutations } from "./mutate_text.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Mutation = (bytes: Bytes, random: RandomStream) => Bytes;

const lengths = [0n, 1n, 7n, 2n ** 24n, 2n ** 31n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

function withHeader(bytes: Bytes, change: (header: string) => string): Bytes {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = new TextEncoder().encode(
    change(new TextDecoder().decode(bytes.subarray(8, 8 + length))),
  );
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(header.length), true);
  return concatBytes(prefix, header, bytes.subarray(8 + length));
}

const anyText = (text: string, random: RandomStream): string =>
  random.sample(Object.values(textMutations))(text, random);

/** Damage to the header, which no seal covers up. */
export const headerMutations: Readonly<Record<string, Mutation>> = {
  "a length of the header"(bytes, random) {
    const changed = bytes.slice();
    const near = BigInt(random.below(64)) - 32n + new DataView(bytes.buffer).getBigUint64(0, true);
    const length = random.below(2) ? near : random.sample(lengths);
    new DataView(changed.buffer).setBigUint64(0, length, true);
    return changed;
  },
  "a text in the header": (bytes, random) => withHeader(bytes, (header) => anyText(header, random)),
  "a type of elements": (bytes, random) =>
    withHeader(bytes, (header) => {
      const types = ["F64", "F32", "F16", "BF16", "I64", "U8", "BOOL", "F8_E4M3", "C64", ""];
      return header.replace(/"F(32|64)"/, `"${random.sample(types)}"`);
    }),
};

/** How one tensor may differ from the one that was expected. */
const tensorChanges: readonly ((tensor: Tensor, random: RandomStream) => Tensor | undefined)[] = [
  () => undefined,
  ({ dtype, shape, data }) => ({ dtype, shape: [...shape, 1], data }),
  ({ dtype, data }) => ({ dtype, shape: [data.length], data }),
  ({ dtype, shape, data }) => ({ dtype, shape: shape.toReversed(), data }),
  ({ dtype }) => ({
    dtype,
    shape: [0],
    data: dtype === "F64" ? new Float64Array() : new Float32Array(),
  }),
  ({ shape, data }) => ({ dtype: "I32", shape, data: Int32Array.from(data) }),
  ({ shape, data }) => ({ dtype: "F32", shape, data: Float32Array.from(data) }),
  ({ shape, data }) => ({ dtype: "F64", shape, data: Float64Array.from(data) }),
  (tensor, random) => {
    const value = random.sample([NaN, Infinity, -Infinity, 1e38, -1, 0, 0.5, 2 ** 24]);
    const data = tensor.data.slice();
    data[random.below(Math.max(1, data.length))] = value;
    return { ...tensor, data };
  },
];

function changeTensors(
  tensors: ReadonlyMap<string, Tensor>,
  random: RandomStream,
): Map<string, Tensor> {
  const changed = new Map(tensors);
  const name = random.sample([...changed.keys()]);
  const tensor = random.sample(tensorChanges)(changed.get(name)!, random);
  if (tensor) changed.set(name, tensor);
  else changed.delete(name);
  if (random.below(8) === 0) changed.set(`${name}/again`, tensors.get(name)!);
  return changed;
}

function changeTexts(
  texts: Readonly<Record<string, string>>,
  random: RandomStream,
): Record<string, string> {
  const names = Object.keys(texts);
  if (names.length === 0) return texts;
  const name = random.sample(names);
  const { [name]: text = "", ...others } = texts;
  // A lone half of a character cannot be written.
  return random.below(4) === 0
    ? others
    : { ...texts, [name]: anyText(text, random).toWellFormed() };
}

/** Other content under a seal that is right: what another version, or a hand, may have written. */
export const sealedMutations: Readonly<Record<string, Mutation>> = {
  "sealed with another tensor"(bytes, random) {
    const content = decodeCheckpoint(bytes, "the whole file");
    return encodeCheckpoint({ ...content, tensors: changeTensors(content.tensors, random) });
  },
  "sealed with another text"(bytes, random) {
    const content = decodeCheckpoint(bytes, "the whole file");
    return encodeCheckpoint({ ...content, metadata: changeTexts(content.metadata, random) });
  },
  "sealed with another iteration"(bytes, random) {
    const content = decodeCheckpoint(bytes, "the whole file");
    return encodeCheckpoint({ ...content, iteration: random.sample([0, 1, 7, 10 ** 12 - 1]) });
  },
};

/** Other content of a file without a seal. */
export const plainTensorMutations: Readonly<Record<string, Mutation>> = {
  "another tensor"(bytes, random) {
    const { tensors, metadata } = decodeSafetensors(bytes, { source: "the whole file" });
    return encodeSafetensors(changeTensors(tensors, random), metadata);
  },
  "another text"(bytes, random) {
    const { tensors, metadata } = decodeSafetensors(bytes, { source: "the whole file" });
    return encodeSafetensors(tensors, changeTexts(metadata, random));
  },
};
