/** Fills the input slots of a chunk of iterations with sequences of a task. */
import { describeShape, type Extents, sameShape, sizeOf } from "../axes.ts";
import type { Engine } from "../backends/backend.ts";
import { iterationSize, stepSize } from "../backends/layout.ts";
import { CodeError } from "../code_error.ts";
import { definitionPlace } from "../code_place.ts";
import type { Playable } from "../program/closed_loop.ts";
import type { Slot } from "../program/node.ts";
import { didYouMean } from "../similar_name.ts";
import type { Program } from "../program/program.ts";
import { describeInput } from "../program/input.ts";
import { drawKey, isKeySlot, KEY_SIZE, keyStream } from "../program/random_keys.ts";
import { drawChecked } from "./draw_checked.ts";
import { type IndexLimits, indexLimits } from "./index_limits.ts";
import type { Split, Task } from "./task.ts";
import { givenName, inputValues } from "./task_input.ts";

/**
 * Draws the sequences of a training.
 *
 * @example
 * const batches = createBatches(program, task, { seeds: [1], chunk: 4 });
 * batches.draw("train", { first: 0, iterations: 4 }).forEach((values, name) => engine.write(name, values));
 */
export interface Batches {
  /**
   * Draws the batches first .. first + iterations - 1 of a split. Sequence b of batch n of a
   * replica is number n B + b of its seed's stream, whatever came before; so are its random numbers.
   *
   * @returns input slots [K, T, P, B, ...], without T if fixed, valid until the next call but one.
   */
  draw(
    split: Split,
    range: { first: number; iterations: number },
  ): ReadonlyMap<string, Float32Array>;
  /**
   * Of tasks in closed loop, in place of `draw`: plays one batch with the network of an engine, and leaves its
   * inputs there. The network is left as it was.
   */
  play?(
    engine: Engine,
    batch: { readonly procedure: Playable; readonly split: Split; readonly first: number },
  ): Promise<void>;
  /** Ends what draws in the background, if anything does. */
  close?(): void;
}

/** What of a program says which sequences it takes. */
export type BatchShape = Pick<Program, "slots" | "extents"> & {
  /** Where indices are looked up is read from these, unless `limits` says it. */
  readonly procedures?: Program["procedures"];
  /** Below what the indices of inputs have to be, by input. */
  readonly limits?: IndexLimits;
};

/** What batches are drawn for. */
export interface BatchOptions {
  /** [P], one a replica. */
  readonly seeds: readonly number[];
  /** K, most batches of one draw. */
  readonly chunk: number;
  /** [P], which level of the task each replica is at, if it has levels. */
  readonly levels?: readonly number[] | undefined;
}

/** Opens the batches of a program for its task, or for the task of each replica. */
export type OpenBatches = (
  program: BatchShape,
  tasks: Task | readonly Task[],
  options: BatchOptions,
) => Batches;

/** The input slots of a program: those that a task makes, and the keys of random numbers. */
export function inputSlots(program: BatchShape): Slot[] {
  return [...program.slots.values()].filter(({ kind }) => kind === "input");
}

/** The input slots that a task makes. */
export const taskSlots = (program: BatchShape): Slot[] =>
  inputSlots(program).filter((slot) => !isKeySlot(slot));

/**
 * B, the sequences of a task that an iteration takes; 1 where inputs are shared and a learning rule
 * uses the axis of sequences for something else.
 */
export function batchOf(program: BatchShape): number {
  const inputs = taskSlots(program);
  const isShared = inputs.length > 0 && inputs.every(({ hasBatchAxis }) => !hasBatchAxis);
  return isShared ? 1 : program.extents.sequences;
}

/** Below what the indices of inputs have to be, by input. */
export const limitsOf = ({ procedures, limits }: BatchShape): IndexLimits =>
  limits ?? (procedures ? indexLimits({ procedures }) : new Map());

/**
 * Checks that a task makes the inputs of a program.
 *
 * @throws CodeError if it does not.
 */
function checkInputs(slots: readonly Slot[], task: Task): void {
  const { name: taskName, inputs } = task;
  const place = definitionPlace(task);
  for (const slot of slots) {
    const { hasTimeAxis, missing, shape: reads } = slot;
    const name = givenName(slot);
    const declaration = inputs[name];
    if (!declaration) {
      if (missing !== undefined) continue;
      const names = Object.keys(inputs);
      const hint = didYouMean(name, names);
      throw new CodeError(
        `Task ${taskName} makes no input "${name}"${hint}; it makes ${names.join(", ")}`,
        place,
      );
    }
    const { shape, perStep } = describeInput(declaration);
    if (!sameShape(shape, reads)) {
      throw new CodeError(
        `Task ${taskName} makes "${name}" as a ${describeShape(shape)}, the program reads a ` +
          describeShape(reads),
        place,
      );
    }
    if (perStep !== hasTimeAxis) {
      const [makes, takes] = hasTimeAxis ? ["sequence", "step"] : ["step", "sequence"];
      throw new CodeError(
        `Task ${taskName} makes one "${name}" per ${makes}, the program reads one per ${takes}`,
        place,
      );
    }
  }
}

/**
 * Draws batches on this thread, when they are needed.
 *
 * @example
 * const batches = createBatches(program, task, { seeds: [1], chunk: 8 });
 * const inputs = batches.draw("train", { first: 0, iterations: 8 });
 *
 * @param tasks one task, or one per replica; shorter sequences are padded with zeros.
 * @throws RangeError if a task is not of the length of the program; CodeError if it does not make an input
 *   of the program, or draws a sequence that is not as it declares (`drawChecked`).
 */
export const createBatches: OpenBatches = (program, tasks, { seeds, chunk }) => {
  const { extents } = program;
  const batch = batchOf(program);
  const taskOf = (replica: number): Task => "sequence" in tasks ? tasks : tasks[replica]!;
  const longest = Math.max(...seeds.map((_, replica) => taskOf(replica).steps));
  if (longest !== extents.steps) {
    const { name } = taskOf(0);
    throw new RangeError(`Task ${name} has ${longest} steps, the program ${extents.steps}`);
  }
  const slots = inputSlots(program);
  const taken = taskSlots(program);
  checkInputs(taken, taskOf(0));
  const limits = limitsOf(program);
  // Two buffers by turns: one may still be on its way to the device while the other is filled.
  const buffers: Map<string, Float32Array>[] = [];
  const makeBuffer = () =>
    new Map(
      taken.map((slot) => [slot.name, new Float32Array(iterationSize(slot, extents) * chunk)]),
    );
  let turn = 0;
  return {
    draw(split, { first, iterations }) {
      const buffer = buffers[turn++ % 2] ??= makeBuffer();
      for (let k = 0; k < iterations; k++) {
        seeds.forEach((seed, replica) => {
          for (let b = 0; b < batch; b++) {
            const index = (first + k) * batch + b;
            const task = taskOf(replica);
            const sequence = drawChecked(task, { seed, split, index, batch }, limits);
            for (const slot of taken) {
              scatter(inputValues(sequence, slot, task), buffer.get(slot.name)!, {
                slot,
                extents,
                k,
                place: replica * batch + b,
              });
            }
          }
        });
      }
      const keys = drawKeys(program, { seeds, split, first, iterations });
      return new Map(slots.map((slot) => [
        slot.name,
        keys.get(slot.name) ??
          buffer.get(slot.name)!.subarray(0, iterations * iterationSize(slot, extents)),
      ]));
    },
  };
};

/**
 * Draws the keys of random numbers for batches first .. first + iterations - 1.
 *
 * @returns key slots [K, P, B?, KEY_SIZE]; none if the program draws nothing.
 */
export function drawKeys(
  program: BatchShape,
  { seeds, split, first, iterations }: {
    seeds: readonly number[];
    split: Split;
    first: number;
    iterations: number;
  },
): Map<string, Float32Array> {
  return new Map(
    inputSlots(program).filter(isKeySlot).map((slot) => {
      const stream = keyStream(slot, split);
      const inBatch = slot.hasBatchAxis ? program.extents.sequences : 1;
      const keys = new Float32Array(iterations * iterationSize(slot, program.extents));
      let offset = 0;
      for (let n = first; n < first + iterations; n++) {
        for (const seed of seeds) {
          for (let b = 0; b < inBatch; b++, offset += KEY_SIZE) {
            keys.set(drawKey({ seed, stream, step: n * inBatch + b }), offset);
          }
        }
      }
      return [slot.name, keys];
    }),
  );
}

/** Copies the values of one sequence to their places in a chunk; missing steps are 0. */
function scatter(
  values: Float32Array,
  target: Float32Array,
  { slot, extents, k, place }: {
    slot: Slot;
    extents: Extents;
    k: number;
    /** Number of the sequence among those of all replicas. */
    place: number;
  },
): void {
  const size = sizeOf(slot.shape);
  const stride = stepSize(slot, extents);
  let offset = k * iterationSize(slot, extents) + place * size;
  if (!slot.hasTimeAxis) {
    target.set(values, offset);
    return;
  }
  if (stride === size) {
    target.set(values, offset);
    target.fill(0, offset + values.length, offset + extents.steps * size);
    return;
  }
  for (let t = 0; t < extents.steps; t++, offset += stride) {
    for (let i = 0; i < size; i++) target[offset + i] = values[t * size + i] ?? 0;
  }
}
