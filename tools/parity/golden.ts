/** A golden case: settings, first values and inputs, and the results of another implementation. */
import { z } from "../../deps/zod.ts";
import { explainIssue, valueAt } from "../../config/explain_issue.ts";
import { parseJson } from "../../config/parse_json.ts";
import { initialValues } from "../../core/backends/initial_values.ts";
import { isPersistent } from "../../core/backends/layout.ts";
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

/** The tensor that a case computed where a tensor is expected. */
export interface Computed {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** A golden case as a program to run. */
export interface ParityCase {
  /** The learning rule, if the family is run with several. */
  readonly rule?: string;
  readonly program: Program;
  /** Values of slots before the first batch. */
  readonly initial: ReadonlyMap<string, Values>;
  /** Input slots of each batch. */
  readonly batches: readonly ReadonlyMap<string, Float32Array>[];
  /** Slots to read after each batch. */
  readonly watch: readonly string[];
  /** The computed tensors by name, from the slots read after each batch. */
  collect(
    read: readonly ReadonlyMap<string, ArrayLike<number>>[],
  ): ReadonlyMap<string, Computed>;
  /** Largest relative RMS allowed in float32. */
  readonly float32Bound: number;
}

const roles = /^(init|fixed|input|expected)\/./;

/**
 * Reads a safetensors file.
 *
 * @throws DamagedFileError if it is no golden case, or holds a number that is not finite.
 * @throws RangeError if it holds a tensor whose name has no known role.
 */
export function readGolden(path: string, bytes: Uint8Array): Golden {
  const { tensors, metadata } = decodeSafetensors(bytes, { source: path });
  let settings: unknown;
  try {
    settings = parseJson(metadata["case"] ?? "");
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

/** The first of the issues, in one line that names the file and the setting. */
export function settingError({ path, settings }: Golden, error: z.ZodError): RangeError {
  const issue = error.issues[0]!;
  const where = issue.path.length > 0 ? `setting "${issue.path.join(".")}": ` : "";
  const problem = explainIssue(issue as z.core.$ZodIssue, valueAt(settings, issue.path));
  return new RangeError(`${path}: ${where}${problem}`);
}

/** @throws RangeError, in one line, if a setting is missing, unknown or out of its range. */
export function settingsOf<T>(golden: Golden, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(golden.settings);
  if (!parsed.success) throw settingError(golden, parsed.error);
  return parsed.data;
}

/** A tensor as float32. @throws DamagedFileError as `tensorOf`. */
export const floatsOf = (golden: Golden, name: string, shape: readonly number[]): Float32Array =>
  Float32Array.from(tensorOf(golden, name, shape).data as ArrayLike<number>);

/** What a program of one replica starts its lasting slots with, where a case gives nothing else. */
export function firstValues(program: Program): Map<string, Float32Array> {
  const slots = [...program.slots.values()].filter(isPersistent);
  return new Map(slots.map(({ name }) => [name, initialValues(program, name, [0])]));
}

/** The tensor of a name. @throws DamagedFileError if it is missing or has another shape. */
export function tensorOf(golden: Golden, name: string, shape: readonly number[]): Tensor {
  const tensor = golden.tensors.get(name);
  if (!tensor) throw new DamagedFileError(golden.path, `expected a tensor "${name}"`);
  const hasShape = tensor.shape.length === shape.length &&
    tensor.shape.every((extent, axis) => extent === shape[axis]);
  if (!hasShape || elementCount(shape) !== tensor.data.length) {
    throw new DamagedFileError(
      golden.path,
      `expected "${name}" of shape [${shape.join(", ")}], got [${tensor.shape.join(", ")}]`,
    );
  }
  return tensor;
}
