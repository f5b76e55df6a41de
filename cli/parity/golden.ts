/** A golden case: settings, first values, inputs, and what a reference implementation made of them. */
import { z } from "zod";
import type { Tensor } from "../../core/run/tensor.ts";
import { decodeSafetensors } from "../../core/run/safetensors.ts";
import type { Program } from "../../core/program/program.ts";

export interface Golden {
  readonly path: string;
  readonly family: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** A golden case as a program to run. */
export interface ParityCase {
  readonly program: Program;
  /** Values of slots before the first batch. */
  readonly initial: ReadonlyMap<string, Float32Array>;
  /** Input slots of each batch. */
  readonly batches: readonly ReadonlyMap<string, Float32Array>[];
  /** Slots to read after each batch, and the tensors made of all that was read. */
  readonly watch: readonly string[];
  collect(
    read: readonly ReadonlyMap<string, ArrayLike<number>>[],
  ): ReadonlyMap<string, ArrayLike<number>>;
  /** Largest relative RMS allowed in float32. */
  readonly float32Bound: number;
}

/** @throws DamagedFileError if the file is no golden case, in one line that names it. */
export function readGolden(path: string, bytes: Uint8Array): Golden {
  const { tensors, metadata } = decodeSafetensors(bytes, { source: path });
  let settings: unknown;
  try {
    settings = JSON.parse(metadata["case"] ?? "");
  } catch {
    throw new RangeError(
      `${path}: expected a golden case, with its settings as JSON in __metadata__.case`,
    );
  }
  const parsed = z.looseObject({ family: z.string() }).safeParse(settings);
  if (!parsed.success) throw new RangeError(`${path}: expected a setting "family" in the case`);
  return { path, family: parsed.data.family, settings: parsed.data, tensors };
}

/** The tensor of a name. @throws RangeError if it is missing or its shape is another. */
export function tensorOf(golden: Golden, name: string, shape?: readonly number[]): Tensor {
  const tensor = golden.tensors.get(name);
  if (!tensor) throw new RangeError(`${golden.path}: expected a tensor "${name}"`);
  if (
    shape &&
    (tensor.shape.length !== shape.length ||
      tensor.shape.some((extent, axis) => extent !== shape[axis]))
  ) {
    throw new RangeError(
      `${golden.path}: expected "${name}" of shape [${shape.join(", ")}], got [${
        tensor.shape.join(", ")
      }]`,
    );
  }
  return tensor;
}
