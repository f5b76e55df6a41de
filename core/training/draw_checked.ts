/** Draws one sequence of a task, and checks it against what the task declares. */
import { describeShape, sizeOf } from "../axes.ts";
import { CodeError } from "../code_error.ts";
import { definitionPlace } from "../code_place.ts";
import { weightsOf } from "../losses/loss.ts";
import { describeInput } from "../program/input.ts";
import { didYouMean } from "../similar_name.ts";
import type { IndexLimits } from "./index_limits.ts";
import { type Draw, drawSequence, type Sequence, type Task } from "./task.ts";

/** Draws a sequence, and checks it: see `checkDrawn`. */
export const drawChecked = (task: Task, address: Address, limits?: IndexLimits): Sequence =>
  checkDrawn(task, drawSequence(task, address), { ...address, limits });

type Address = Draw & { readonly seed: number };

/**
 * Checks a sequence that was drawn.
 *
 * Its arrays are those of `Task.inputs` and no others, of the declared shapes and one number of steps, at most T,
 * and finite. What only the loss reads may be anything at a step that does not count: one whose weight is 0
 * (`Loss.weighedBy`). Arrays of other numbers than float32 are rounded.
 *
 * @param options.limits indices that a network looks up, by input.
 * @returns the sequence itself, if its arrays are float32.
 * @throws CodeError that names task, sequence, array, step and element.
 */
export function checkDrawn(
  task: Task,
  drawn: Sequence,
  { seed, split, index, limits = new Map() }: Address & {
    readonly limits?: IndexLimits | undefined;
  },
): Sequence {
  const fail: Fail = (problem) => {
    const which = `${split} sequence ${index} of seed ${seed}`;
    throw new CodeError(`Task ${task.name}, ${which}: ${problem}`, definitionPlace(task));
  };
  const sequence = inFloat32(drawn, fail);
  checkNames(sequence, task, fail);
  checkLengths(sequence, task, fail);
  for (const name of Object.keys(task.inputs)) {
    const values = sequence[name]!;
    if (!areFinite(values)) failAtValue(name, { task, sequence, fail, isWrong: isBroken });
    const limit = limits.get(name);
    if (limit === undefined) continue;
    const isWrong = (value: number) =>
      !isIndex(value, { limit, mayBeNone: !(name in task.loss.inputs) });
    if (values.some(isWrong)) failAtValue(name, { task, sequence, fail, isWrong, limit });
  }
  return sequence;
}

type Fail = (problem: string) => never;

/** The arrays as float32, which they are but where JavaScript or another kind of array made them. */
function inFloat32(drawn: Sequence, fail: Fail): Sequence {
  const isObject = typeof drawn === "object" && drawn !== null;
  if (!isObject || Symbol.iterator in drawn || drawn instanceof Promise) {
    return fail(`expected an object of arrays, got ${isObject ? nameOf(drawn) : drawn}`);
  }
  const arrays: [string, unknown][] = Object.entries(drawn);
  if (arrays.every(([, values]) => values instanceof Float32Array)) return drawn;
  return Object.fromEntries(arrays.map(([name, values]) => [name, float32Of(name, values, fail)]));
}

/** Such as "a Promise" or "a Map". */
const nameOf = (thing: object): string => `a ${thing.constructor.name}`;

function float32Of(name: string, values: unknown, fail: Fail): Float32Array {
  if (values instanceof Float32Array) return values;
  if (!Array.isArray(values) && !ArrayBuffer.isView(values)) {
    const got = values === null ? "null" : typeof values;
    return fail(`"${name}": expected a Float32Array, got ${got}`);
  }
  const items = values as unknown as ArrayLike<unknown>;
  const stranger = Array.prototype.findIndex.call(items, (item) => typeof item !== "number");
  if (items.length === undefined || stranger >= 0) {
    const item = items[stranger];
    const got = Array.isArray(item) ? "an array" : typeof item;
    return fail(`"${name}": expected a Float32Array of numbers, element ${stranger} is ${got}`);
  }
  return Float32Array.from(items as ArrayLike<number>);
}

function checkNames(sequence: Sequence, { inputs }: Task, fail: Fail): void {
  const [declared, drawn] = [Object.keys(inputs), Object.keys(sequence)];
  const extra = drawn.find((name) => !Object.hasOwn(inputs, name));
  if (extra !== undefined) {
    const unused = declared.filter((name) => !Object.hasOwn(sequence, name));
    fail(
      `"${extra}" is no input of the task${didYouMean(extra, unused)}; inputs are ${
        declared.join(", ")
      }`,
    );
  }
  const missing = declared.find((name) => !Object.hasOwn(sequence, name));
  if (missing !== undefined) {
    fail(`expected an array "${missing}", got ${drawn.join(", ") || "none"}`);
  }
}

/** A sequence may be shorter than T, if all of its arrays are. */
function checkLengths(sequence: Sequence, { inputs, steps }: Task, fail: Fail): void {
  const arrays = Object.entries(inputs).map(([name, declaration]) => {
    const { shape, perStep } = describeInput(declaration);
    return { name, shape, perStep, length: sequence[name]!.length, size: sizeOf(shape) };
  });
  const drawn = arrays.filter(({ perStep }) => perStep).map(({ length, size }) => length / size);
  const [first = steps] = drawn;
  const isShort = Number.isInteger(first) && first >= 1 && first < steps &&
    drawn.every((count) => count === first);
  const count = isShort ? first : steps;
  for (const { name, shape, perStep, length, size } of arrays) {
    const expected = size * (perStep ? count : 1);
    if (length === expected) continue;
    const what = `${perStep ? `${count} steps of ` : ""}a ${describeShape(shape)}`;
    fail(`"${name}" has ${length} values, expected ${expected}: ${what}`);
  }
}

/** Whether all values are finite. A plain loop: it runs over every number that is trained on. */
function areFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return false;
  }
  return true;
}

const isBroken = (value: number): boolean => !Number.isFinite(value);

const isIndex = (
  value: number,
  { limit, mayBeNone }: { limit: number; mayBeNone: boolean },
): boolean => Number.isInteger(value) && value < limit && value >= (mayBeNone ? -1 : 0);

/** Names the first wrong value that counts, if there is one. */
function failAtValue(
  name: string,
  { task, sequence, fail, isWrong, limit }: {
    task: Task;
    sequence: Sequence;
    fail: Fail;
    isWrong: (value: number) => boolean;
    limit?: number;
  },
): void {
  const values = sequence[name]!;
  const { shape, perStep } = describeInput(task.inputs[name]!);
  const size = sizeOf(shape);
  const weights = name in task.loss.inputs && perStep
    ? weightsOf(task.loss).filter((weight) => weight !== name && weight in task.inputs)
    : [];
  for (let i = 0; i < values.length; i++) {
    const step = Math.floor(i / size);
    if (!isWrong(values[i]!) || weights.some((weight) => sequence[weight]![step] === 0)) continue;
    const where = [
      ...perStep ? [`at step ${step}`] : [],
      ...shape.length > 0 ? [`element ${elementOf(shape, i % size)}`] : [],
    ].join(", ");
    const expected = limit === undefined ? "a finite number" : `an index of 0 to ${limit - 1}`;
    fail(`"${name}" is ${values[i]}${where && ` ${where}`}, expected ${expected}`);
  }
}

/** The place of an element in a value: "3", or "1, 3" of a matrix. */
const elementOf = (shape: readonly number[], index: number): string =>
  shape.length < 2 ? String(index) : `${Math.floor(index / shape[1]!)}, ${index % shape[1]!}`;
