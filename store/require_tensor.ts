/** Takes tensors out of a file of a run, whose seal only says that it is as it was written. */
import type { Values } from "../core/backends/backend.ts";
import { UsageError } from "../config/usage_error.ts";
import type { Tensor } from "./files/tensor.ts";

/**
 * The values of a tensor.
 *
 * @param options.shape expected; "any": an axis of any length, at least 1.
 * @throws UsageError that names file, tensor and what is wrong with it.
 */
export function requireTensor(
  { tensors, path }: { tensors: ReadonlyMap<string, Tensor>; path: string },
  { name, shape }: { name: string; shape: readonly (number | "any")[] },
): Values {
  const refuse = (problem: string) =>
    new UsageError(`${path}: does not hold "${name}" of the network in config.json: ${problem}`);
  const tensor = tensors.get(name);
  if (!tensor) throw refuse("there is no such tensor");
  const { data } = tensor;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw refuse(`it is of ${tensor.dtype}, expected F32 or F64`);
  }
  const fits = tensor.shape.length === shape.length &&
    shape.every((extent, axis) =>
      extent === "any" ? tensor.shape[axis]! >= 1 : tensor.shape[axis] === extent
    );
  if (fits) return data;
  throw refuse(`its shape is [${tensor.shape.join(", ")}], expected [${shape.join(", ")}]`);
}
