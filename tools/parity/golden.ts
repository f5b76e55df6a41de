/** A golden case: settings, first values, inputs, and what a reference implementation made of them. */
import { z } from "zod";
import type { Values } from "../../core/backends/backend.ts";
import { DamagedFileError } from "../../store/files/damaged_file_error.ts";
import { decodeSafetensors } from "../../store/files/safetensors.ts";
import { elementCount, firstNonFinite, type Tensor } from "../../store/files/tensor.ts";
import type { Program } from "../../core/program/program.ts";

export interface Golden {
  readonly path: string;
  readonly family: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** What a case computes of one expected tensor. */
export interface Computed {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** A golden case as a program to run. */
export interface ParityCase {
  /** The learning rule, of a family that is run with several. */
  readonly rule?: string;
  readonly program: Program;
  /** Values of slots before the first batch. */
  readonly initial: ReadonlyMap<string, Values>;
  /** Input slots of each batch. */
  readonly batches: readonly ReadonlyMap<string, Float32Array>[];
  /** Slots to read after each batch, and the tensors made of all that was read. */
  readonly watch: readonly string[];
  collect(
    read: readonly ReadonlyMap<string, ArrayLike<number>>[],
  ): ReadonlyMap<string, Computed>;
  /** Largest relative RMS allowed in float32. */
  readonly float32Bound: number;
}

const roles = /^(init|fixed|input|expected)\/./;

/**
 * @throws DamagedFileError if the file is no golden case or holds what is not finite.
 * @throws RangeError if it holds a tensor that is neither given nor expected.
 */
export function readGolden(path: string, bytes: Uint8Array): Golden {
  const { tensors, metadata } = decodeSafetensors(bytes, { source: path });
  let settings: unknown;
  try {
    settings = JSON.parse(metadata["case"] ?? "");
  } catch {
    throw new DamagedFileError(
      path,
      "expected a golden case, with its settings as JSON in __metadata__.case",
    );
  }
  const parsed = z.looseObject({ family: z.string() }).safeParse(settings);
  if (!parsed.success) throw new DamagedFileError(path, 'expected a setting "family" in the case');
  for (const [name, { data }] of tensors) {
    if (!roles.test(name)) {
      throw new RangeError(
        `${path}: tensor "${name}" is not understood; expected init/, fixed/, input/ or expected/`,
      );
    }
    const index = firstNonFinite(data);
    if (index >= 0) {
      throw new DamagedFileError(path, `tensor "${name}" holds ${data[index]} at ${index}`);
    }
  }
  if (![...tensors.keys()].some((name) => name.startsWith("expected/"))) {
    throw new DamagedFileError(path, 'nothing is expected; no tensor "expected/..."');
  }
  return { path, family: parsed.data.family, settings: parsed.data, tensors };
}

/** The tensor of a name. @throws DamagedFileError if it is missing or its shape is another. */
export function tensorOf(golden: Golden, name: string, shape: readonly number[]): Tensor {
  const tensor = golden.tensors.get(name);
  if (!tensor) throw new DamagedFileError(golden.path, `expected a tensor "${name}"`);
  const same = tensor.shape.length === shape.length &&
    tensor.shape.every((extent, axis) => extent === shape[axis]);
  if (!same || elementCount(shape) !== tensor.data.length) {
    throw new DamagedFileError(
      golden.path,
      `expected "${name}" of shape [${shape.join(", ")}], got [${tensor.shape.join(", ")}]`,
    );
  }
  return tensor;
}
