/** Compares three gradients of a model: back-propagation, forward mode and central differences. */
import { type Shape, sizeOf } from "../core/axes.ts";
import { initialValues } from "../core/backends/initial_values.ts";
import { isPersistent } from "../core/backends/layout.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import type { ModelInstance } from "../core/program/model.ts";
import type { Program } from "../core/program/program.ts";
import { CodeError } from "../core/code_error.ts";
import {
  checkGradient,
  type CheckGradientOptions,
  type GradientCheck,
  type GradientSample,
  keepsGradient,
} from "../core/training/check_gradient.ts";
import { loadBatches, openBatches, programFor } from "../core/training/open_batches.ts";
import type { Task } from "../core/training/task.ts";
import { updaters } from "../updaters/mod.ts";
import { CannotTrain, type Learning, type Updater } from "../updaters/updater.ts";
import { UsageError } from "../config/usage_error.ts";

/** Largest relative difference, in float64, that still counts as equal. */
export const BOUND = 1e-6;

/** The comparison of one parameter; errors are relative root mean squares. */
export interface GradientRow {
  readonly parameter: string;
  /** Its trained numbers. */
  readonly numbers: number;
  /** Numbers that were moved for central differences. */
  readonly samples: number;
  /** bptt against central differences. */
  readonly bptt: number;
  /** rtrl against central differences; undefined where rtrl was left out. */
  readonly rtrl: number | undefined;
  /** rtrl against bptt, over all numbers. */
  readonly apart: number | undefined;
  /** Relative error below which central differences tell nothing. */
  readonly resolution: number;
  /** The largest slope that was compared, without its sign. */
  readonly largest: number;
  /** The number where bptt and central differences are furthest apart. */
  readonly worst?: GradientSample;
  /** Numbers with a kink, which are left out of the errors. */
  readonly kinks: readonly GradientSample[];
}

/** Whether all errors of a row are within `BOUND`, or within the resolution of central differences. */
export function gradientsAgree({ bptt, rtrl, apart, resolution }: GradientRow): boolean {
  const bound = Math.max(BOUND, resolution);
  const isWithin = (error: number | undefined, limit: number) =>
    error === undefined || error <= limit;
  return isWithin(bptt, bound) && isWithin(rtrl, bound) && isWithin(apart, BOUND);
}

/** Whether every slope is 0: then nothing was compared, which is no agreement. */
export const areAllZero = (rows: readonly GradientRow[]): boolean =>
  rows.every(({ largest, kinks }) => largest === 0 && kinks.length === 0);

export interface GradientComparison {
  readonly rows: readonly GradientRow[];
  /** Why rtrl was left out; undefined if it was not. */
  readonly note: string | undefined;
}

/** The parameters that bptt and rtrl train: slow ones. */
const trainedNames = ({ parameters }: ModelInstance): string[] =>
  Object.keys(parameters).filter((name) => parameters[name]!.trained && !parameters[name]!.fast);

/** Which numbers are moved, and who hears of it. */
type Sampling =
  & Required<Pick<CheckGradientOptions, "samples" | "seed">>
  & Pick<CheckGradientOptions, "onSample">;

const trainedNumbers = (model: ModelInstance): number =>
  trainedNames(model).reduce((sum, name) => sum + sizeOf(model.parameters[name]!.shape), 0);

/**
 * Compares the gradients of a batch of sequences of a task, in float64.
 *
 * @param options.samples numbers of each parameter that are moved for central differences.
 * @param options.mostNumbers rtrl is left out of models with more trained numbers than this.
 * @param options.say receives a line before each comparison.
 * @param options.onSample is called after each number that was moved, for each comparison anew.
 * @throws UsageError if the loss of the task does not fit the output, or nothing slow is trained.
 */
export async function compareGradients(
  model: ModelInstance,
  task: Task,
  { sequences, mostNumbers, say, ...sampling }: Sampling & {
    sequences: number;
    mostNumbers: number;
    say: (line: string) => void;
  },
): Promise<GradientComparison> {
  const options = { loss: task.loss, task, ...sampling };
  say("bptt against central differences");
  const backward = probedProgram("bptt", { model, task, sequences });
  requireComparable(model, task, backward);
  const bptt = await checkGradient({ ...options, program: backward });
  const numbers = trainedNumbers(model);
  const { forward, note } = rtrlProgram({ model, task, sequences, mostNumbers });
  let rtrlErrors: readonly number[] | undefined;
  let apart: ReadonlyMap<string, number> | undefined;
  if (forward) {
    say(`rtrl: ${numbers} trained numbers over ${task.steps} steps`);
    const comparisons = await checkGradient({ ...options, program: forward });
    rtrlErrors = comparisons.map(({ error }) => error);
    say("rtrl against bptt, over all numbers");
    const names = trainedNames(model);
    const { seed } = sampling;
    const gradients = await gradientsOf(backward, { task, seed, names });
    const tangents = await gradientsOf(forward, { task, seed, names });
    apart = new Map(
      names.map((name) => [name, relativeRms(tangents.get(name)!, gradients.get(name)!)]),
    );
  }
  const rows = bptt.map((check, index) => ({
    ...rowOf(check, model),
    rtrl: rtrlErrors?.[index],
    apart: apart?.get(check.parameter),
  }));
  return { rows, note };
}

const rowOf = (check: GradientCheck, model: ModelInstance): GradientRow => {
  const { parameter, samples, error, resolution, largest, worst, kinks } = check;
  const numbers = sizeOf(model.parameters[parameter]!.shape);
  const none = { rtrl: undefined, apart: undefined };
  const row = { parameter, numbers, samples, bptt: error, ...none, resolution, largest, kinks };
  return worst ? { ...row, worst } : row;
};

/**
 * Compares what a learning rule follows with central differences, in float64: its gradient where it keeps one, or
 * else its update divided by the learning rate.
 *
 * @returns rows in which the rule stands for bptt, and a note on what was compared.
 * @throws UsageError if the rule takes other steps than plain ones, or the output does not fit.
 */
export async function compareRule(
  { updater, settings }: { updater: Updater; settings: Readonly<Record<string, unknown>> },
  { model, task, sequences, ...sampling }: CheckedBatch & Sampling,
): Promise<GradientComparison> {
  const learning = learningOf({ model, task, sequences });
  const probed = updater.build({ ...learning, probe: true }, settings);
  requireComparable(model, task, probed);
  const isKept = keepsGradient(probed);
  const program = isKept ? probed : updater.build(learning, settings);
  const of = isKept ? "gradient" : "update";
  try {
    const checks = await checkGradient({ program, task, ...sampling, of });
    const what = isKept ? "its gradient" : "the change by one update, divided by -learning_rate";
    const note = `${updater.name}: compared is ${what}, with the gradient of the whole loss`;
    return { rows: checks.map((check) => rowOf(check, model)), note };
  } catch (error) {
    if (error instanceof CodeError || !(error instanceof RangeError)) throw error;
    throw new UsageError(`updater ${updater.name}: ${error.message}`, { cause: error });
  }
}

/** A network, a task and the number of its sequences that are taken together. */
interface CheckedBatch {
  readonly model: ModelInstance;
  readonly task: Task;
  readonly sequences: number;
}

const learningOf = ({ model, task, sequences }: CheckedBatch): Learning => ({
  model,
  loss: task.loss,
  output: task.output as Shape,
  extents: { replicas: 1, sequences, steps: task.steps },
  // A schedule that ends with the training has hardly begun.
  iterations: 1_000_000,
});

/** A program of one network that shows its gradients. */
const probedProgram = (rule: "bptt" | "rtrl", batch: CheckedBatch): Program =>
  updaters[rule]!.build({ ...learningOf(batch), probe: true }, { learning_rate: 1e-3 });

/** @throws UsageError if the loss of the task does not fit the output, or nothing slow is trained. */
function requireComparable(model: ModelInstance, task: Task, { output = [] }: Program): void {
  if (output.join() !== task.output.join()) {
    throw new UsageError(
      `task ${task.name} judges outputs of shape [${task.output.join()}], ` +
        `those of model ${model.name} are [${output.join()}]`,
    );
  }
  if (trainedNumbers(model) === 0) {
    throw new UsageError(`model ${model.name} has no slow numbers that are trained`);
  }
}

/** The program of rtrl, or a note on why it is left out. */
function rtrlProgram(
  { mostNumbers, ...batch }: CheckedBatch & { mostNumbers: number },
): { forward?: Program; note: string | undefined } {
  const numbers = trainedNumbers(batch.model);
  if (numbers > mostNumbers) {
    const note =
      `rtrl left out: ${numbers} trained numbers, more than --most-numbers ${mostNumbers}`;
    return { note };
  }
  try {
    return { forward: probedProgram("rtrl", batch), note: undefined };
  } catch (error) {
    if (!(error instanceof CannotTrain)) throw error;
    return { note: `rtrl left out: ${error.message}` };
  }
}

/** The whole gradient of a batch, by parameter. */
async function gradientsOf(
  given: Program,
  { task, seed, names }: { task: Task; seed: number; names: readonly string[] },
): Promise<ReadonlyMap<string, ArrayLike<number>>> {
  const program = programFor(task, given);
  const engine = await referenceBackend().prepare(program);
  try {
    for (const { name } of [...program.slots.values()].filter(isPersistent)) {
      engine.write(name, initialValues(program, name, [seed]));
    }
    const batches = openBatches(program, task, { seeds: [seed], chunk: 1 });
    const batch = { procedure: "train", split: "validation", first: 0, iterations: 1 } as const;
    await loadBatches(engine, batches, batch);
    await engine.run("train", { iterations: 1 });
    const slotOf = (name: string) => `probe/gradient/${name}`;
    const gradients = await engine.read(names.map(slotOf));
    return new Map(names.map((name) => [name, gradients.get(slotOf(name))!]));
  } finally {
    engine.close();
  }
}

/** rms(a - b) / rms(b); 0 where both are 0. */
function relativeRms(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let index = 0; index < b.length; index++) {
    difference += (a[index]! - b[index]!) ** 2;
    size += b[index]! ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / Math.max(size, 1e-300));
}
