/** Types of stored tensors, shared by all files of tensors. */

/** Element types of tensors, by their names in safetensors. BOOL is one byte, 0 or 1. */
export type Dtype = "F64" | "F32" | "I32" | "U32" | "U8" | "BOOL";

/** Typed arrays by element type. */
export const elementArrays = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const satisfies Readonly<Record<Dtype, unknown>>;

/** The elements of a tensor. */
export type TensorData = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

/** A dense row-major tensor. `shape` is `[]` for a scalar (one element). */
export interface Tensor {
  /** The type of its elements. */
  readonly dtype: Dtype;
  /** Sizes of the axes, the outermost first. */
  readonly shape: readonly number[];
  /** All elements, row-major. */
  readonly data: TensorData;
}

/** Bytes of an element of every type that can be read: those of `Dtype`, and others that are widened. */
export const elementBytes: ReadonlyMap<string, number> = new Map([
  ...Object.entries(elementArrays).map(([name, array]) =>
    [name, array.BYTES_PER_ELEMENT] as [string, number]
  ),
  ["F16", 2],
  ["BF16", 2],
  ["I64", 8],
  ["U64", 8],
  ["I16", 2],
  ["U16", 2],
  ["I8", 1],
]);

/**
 * A tensor of elements as files hold them, little-endian. Types that `Dtype` lacks are widened: F16 and BF16
 * to F32, short integers to I32, and long ones to F64, which holds them up to 2^53.
 *
 * @param bytes which the tensor may keep; they begin where its elements would.
 * @throws RangeError if a number does not fit.
 */
export function tensorOf(
  dtype: string,
  shape: readonly number[],
  bytes: ArrayBuffer,
): Tensor {
  if (dtype === "F16") {
    return { dtype: "F32", shape, data: Float32Array.from(new Float16Array(bytes)) };
  }
  if (dtype === "BF16") {
    const words = Uint32Array.from(new Uint16Array(bytes), (half) => half << 16);
    return { dtype: "F32", shape, data: new Float32Array(words.buffer) };
  }
  if (dtype === "I16" || dtype === "U16" || dtype === "I8") {
    const arrays = { I16: Int16Array, U16: Uint16Array, I8: Int8Array };
    return { dtype: "I32", shape, data: Int32Array.from(new arrays[dtype](bytes)) };
  }
  if (dtype === "I64" || dtype === "U64") {
    const integers = dtype === "I64" ? new BigInt64Array(bytes) : new BigUint64Array(bytes);
    const data = Float64Array.from(integers, Number);
    if (data.every(Number.isSafeInteger)) return { dtype: "F64", shape, data };
    throw new RangeError("has a number beyond 2^53, which cannot be read exactly");
  }
  const data = new elementArrays[dtype as Dtype](bytes);
  if (dtype === "BOOL" && data.some((value) => value > 1)) {
    throw new RangeError("has a byte over 1");
  }
  return { dtype: dtype as Dtype, shape, data };
}

/**
 * Number of elements of a shape.
 * @throws RangeError when a dimension is not a safe integer >= 0, or the product is not one
 */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const dimension of shape) {
    if (!Number.isSafeInteger(dimension) || dimension < 0) {
      throw new RangeError(`dimension ${dimension} is not an integer >= 0`);
    }
    count *= dimension;
    if (!Number.isSafeInteger(count)) {
      throw new RangeError(`shape [${shape.join(", ")}] has too many elements`);
    }
  }
  return count;
}

/** Index of the first NaN or infinity, or -1. Integer types are always finite. */
export function firstNonFinite(data: TensorData): number {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return -1;
  for (let index = 0; index < data.length; index++) {
    if (!Number.isFinite(data[index])) return index;
  }
  return -1;
}
