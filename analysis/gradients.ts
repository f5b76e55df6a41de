/** Gradients of one model three ways: back-propagation, forward mode and central differences. */
import { sizeOf } from "../core/axes.ts";
import { initialValues } from "../core/backends/initial_values.ts";
import { isPersistent } from "../core/backends/layout.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import type { ModelInstance } from "../core/program/model.ts";
import type { Program } from "../core/program/program.ts";
import { createBatches } from "../core/training/batches.ts";
import { checkGradient } from "../core/training/check_gradient.ts";
import type { Task } from "../core/training/task.ts";
import { updaters } from "../updaters/mod.ts";
import { UsageError } from "../config/usage_error.ts";

/** Largest relative difference, in float64, that still counts as equal. */
export const BOUND = 1e-6;

/** One parameter; errors are relative root mean squares. */
export interface GradientRow {
  readonly parameter: string;
  /** Its trained numbers. */
  readonly numbers: number;
  /** Numbers moved for central differences. */
  readonly samples: number;
  /** bptt against central differences. */
  readonly bptt: number;
  /** rtrl against central differences; undefined where rtrl was left out. */
  readonly rtrl: number | undefined;
  /** rtrl against bptt, over all numbers. */
  readonly apart: number | undefined;
  /** Relative error that central differences cannot resolve. */
  readonly resolution: number;
}

/** Whether a row agrees within `BOUND`, or what rounding lets central differences resolve. */
export function gradientsAgree({ bptt, rtrl, apart, resolution }: GradientRow): boolean {
  const bound = Math.max(BOUND, resolution);
  const isWithin = (error: number | undefined, most: number) =>
    error === undefined || error <= most;
  return isWithin(bptt, bound) && isWithin(rtrl, bound) && isWithin(apart, BOUND);
}

export interface GradientComparison {
  readonly rows: readonly GradientRow[];
  /** Why rtrl was left out. */
  readonly note: string | undefined;
}

/** The slow parameters that are trained, as the two rules follow them. */
const trainedNames = ({ parameters }: ModelInstance): string[] =>
  Object.keys(parameters).filter((name) => parameters[name]!.trained && !parameters[name]!.fast);

export const trainedNumbers = (model: ModelInstance): number =>
  trainedNames(model).reduce((sum, name) => sum + sizeOf(model.parameters[name]!.shape), 0);

/**
 * Compares the gradients of one sequence of a task, in float64.
 *
 * @param options.samples numbers of each parameter that are moved for central differences.
 * @param options.mostNumbers rtrl is left out of models with more trained numbers than this.
 */
export async function compareGradients(
  model: ModelInstance,
  task: Task,
  { samples, seed, mostNumbers, say }: {
    samples: number;
    seed: number;
    mostNumbers: number;
    say: (line: string) => void;
  },
): Promise<GradientComparison> {
  const build = (rule: string) =>
    updaters[rule]!.build({
      model,
      loss: task.loss,
      extents: { replicas: 1, sequences: 1, steps: task.steps },
      probe: true,
    }, { learning_rate: 1e-3 });
  const options = { loss: task.loss, task, seed, samples };
  say("bptt against central differences");
  const backward = build("bptt");
  const output = backward.output ?? [];
  if (output.join() !== task.output.join()) {
    throw new UsageError(
      `task ${task.name} judges outputs of shape [${task.output.join()}], ` +
        `those of model ${model.name} are [${output.join()}]`,
    );
  }
  if (trainedNumbers(model) === 0) {
    throw new UsageError(`model ${model.name} has no slow numbers that are trained`);
  }
  const bptt = await checkGradient({ ...options, program: backward });
  const numbers = trainedNumbers(model);
  let note: string | undefined;
  let forward: Program | undefined;
  if (numbers > mostNumbers) {
    note = `rtrl left out: ${numbers} trained numbers, more than --most-numbers ${mostNumbers}`;
  } else {
    try {
      forward = build("rtrl");
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      note = `rtrl left out: ${error.message}`;
    }
  }
  if (!forward) {
    const rows = bptt.map(({ parameter, samples, error, resolution }) => ({
      parameter,
      numbers: sizeOf(model.parameters[parameter]!.shape),
      samples,
      bptt: error,
      rtrl: undefined,
      apart: undefined,
      resolution,
    }));
    return { rows, note };
  }
  say(`rtrl: ${numbers} trained numbers over ${task.steps} steps`);
  const rtrl = await checkGradient({ ...options, program: forward });
  const [one, other] = [
    await gradientsOf(backward, { task, seed, names: trainedNames(model) }),
    await gradientsOf(forward, { task, seed, names: trainedNames(model) }),
  ];
  const rows = bptt.map(({ parameter, samples, error, resolution }, index) => ({
    parameter,
    numbers: sizeOf(model.parameters[parameter]!.shape),
    samples,
    bptt: error,
    rtrl: rtrl[index]!.error,
    apart: relativeRms(other.get(parameter)!, one.get(parameter)!),
    resolution,
  }));
  return { rows, note };
}

/** The whole gradient of one sequence, by parameter. */
async function gradientsOf(
  program: Program,
  { task, seed, names }: { task: Task; seed: number; names: readonly string[] },
): Promise<ReadonlyMap<string, ArrayLike<number>>> {
  const engine = await referenceBackend().prepare(program);
  try {
    for (const { name } of [...program.slots.values()].filter(isPersistent)) {
      engine.write(name, initialValues(program, name, [seed]));
    }
    const batches = createBatches(program, task, { seeds: [seed], chunk: 1 });
    batches.draw("validation", { first: 0, iterations: 1 })
      .forEach((values, name) => engine.write(name, values));
    await engine.run("train", { iterations: 1 });
    const read = await engine.read(names.map((name) => `probe/gradient/${name}`));
    return new Map(names.map((name) => [name, read.get(`probe/gradient/${name}`)!]));
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
