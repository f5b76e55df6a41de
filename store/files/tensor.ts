/** Types of stored tensors, shared by safetensors files and checkpoints. */

/** Typed arrays by the name of their element type in safetensors. BOOL is one byte, 0 or 1. */
export const elementArrays = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const satisfies Readonly<Record<Dtype, unknown>>;

/** The element type of a stored tensor, as safetensors calls it. */
export type Dtype = "F64" | "F32" | "I32" | "U32" | "U8" | "BOOL";

/** The elements of a stored tensor. */
export type TensorData = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

/** A dense row-major tensor. `shape` is `[]` for a scalar (one element). */
export interface Tensor {
  /** Type of the elements. */
  readonly dtype: Dtype;
  /** Extent of each axis. */
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: TensorData;
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
