/** Compares the gradient a program follows with central differences of the loss it reports. */
import type { Engine } from "../backends/backend.ts";
import { referenceBackend } from "../backends/reference/reference.ts";
import { initialValues } from "../backends/initial_values.ts";
import { isPersistent } from "../backends/layout.ts";
import type { Loss } from "../losses/loss.ts";
import { metricOf } from "../losses/metric_facts.ts";
import type { Slot } from "../program/node.ts";
import { averageSlot } from "../program/average_slot.ts";
import type { Program } from "../program/program.ts";
import { isKeySlot } from "../program/random_keys.ts";
import { type RandomStream, randomStream } from "../random.ts";
import type { Task } from "./task.ts";
import { batchOf, inputSlots } from "./batches.ts";
import { loadBatches, openBatches, programFor } from "./open_batches.ts";
import { roundingOf, slopeOf } from "./loss_slope.ts";
import { objectiveSlot, withObjective } from "./objective.ts";

/** One number of a parameter, and its two slopes of the loss. */
export interface GradientSample {
  /** Its place in the parameter, [row, column] of a matrix, [] of a scalar; the replica in front if there are several. */
  readonly element: readonly number[];
  /** The slope that the program follows. */
  readonly derived: number;
  /** The central difference. */
  readonly central: number;
}

/** How far the gradient of one parameter is from central differences. */
export interface GradientCheck {
  /** Name of the parameter. */
  readonly parameter: string;
  /** Numbers of the parameter that were moved. */
  readonly samples: number;
  /** rms(derived - central difference) / rms(central difference), over the numbers without a kink. */
  readonly error: number;
  /** Relative error that rounding of the loss alone can make: what differences cannot resolve. */
  readonly resolution: number;
  /** The largest slope that was compared, without its sign; 0: nothing depends on what was moved. */
  readonly largest: number;
  /** The number whose slopes are furthest apart, of those without a kink. */
  readonly worst?: GradientSample;
  /**
   * Numbers where the loss has a kink, as at 0 of `abs`: its slopes on both sides differ, and the derived one
   * is one of them or between them. No error.
   */
  readonly kinks: readonly GradientSample[];
}

/** What is checked, and how closely. */
export interface CheckGradientOptions {
  /** The program that follows the gradient. */
  readonly program: Program;
  /** The loss that it was built with; default: that of the task. */
  readonly loss?: Loss;
  /** Makes the sequences, as many as the program takes in a batch. */
  readonly task: Task;
  /** Of first values, sequences and samples; default: 1. */
  readonly seed?: number;
  /** At most this many numbers of each parameter, drawn at random; default: 10. */
  readonly samples?: number;
  /**
   * What is compared: the gradient that the program follows [default], or the change of one update divided by
   * -lr, of any rule with plain steps. A rule that learns at every step differs by terms of the learning rate.
   */
  readonly of?: "gradient" | "update";
  /** Called with 0 at first, and after each number that was moved with how many were, of how many in all. */
  readonly onSample?: (moved: number, total: number) => void;
}

/**
 * Checks the gradient of a program that keeps it (`probe`), or the update of a `bptt` program with
 * plain sgd divided by -lr, against (L(w + h) - L(w - h)) / 2h in float64. L is what training lowers: the
 * weighted loss of a batch (`LossStep.loss`), summed over steps, averaged over sequences. Where a slope is in
 * doubt the term of third derivatives is removed (Richardson, 1911), and kinks are told from errors. Fast
 * weights are not checked: they change inside the sequence. A gradient that `truncate` cuts off is compared
 * with the whole one. A network that draws random numbers draws the same ones for every loss.
 *
 * @returns one check a slow parameter.
 * @throws RangeError if the program neither keeps its gradient nor is one of bptt with sgd, or judges
 *   averages of its weights. CodeError if a sequence is not as the task declares.
 * @example
 * const program = updaters.bptt.build({ model, loss, extents }, { learning_rate: 1 });
 * const checks = await checkGradient({ program, task }); // error below 1e-6 of each
 */
export async function checkGradient(
  { program: built, task, loss = task.loss, seed = 1, samples = 10, of, onSample = () => {} }:
    CheckGradientOptions,
): Promise<GradientCheck[]> {
  requireCheckable(built, of);
  const program = withObjective(programFor(task, built), procedureOf(built));
  const seeds = Array.from({ length: program.extents.replicas }, () => seed);
  const engine = await referenceBackend().prepare(program);
  try {
    const persistent = [...program.slots.values()].filter(isPersistent);
    const values = new Map(
      persistent.map(({ name }) => [name, Float64Array.from(initialValues(program, name, seeds))]),
    );
    const start = { engine, values, loss };
    restore(start);
    // What a task in closed loop answers stays as it is while numbers are moved.
    const batch = { procedure: "train", split: "validation", first: 0, iterations: 1 } as const;
    await loadBatches(engine, openBatches(program, task, { seeds, chunk: 1 }), batch);
    const trained = persistent.filter(({ kind, hasBatchAxis }) =>
      kind === "parameter" && !hasBatchAxis
    );
    const isKept = of !== "update" && keepsGradient(program);
    const gradients = await derivedGradients(start, { trained, isKept });
    const random = randomStream({ seed, stream: 0 });
    const parts = trained.map((slot) => {
      const free = movable(slot, values.get(slot.name)!.length);
      return { slot, free, count: Math.min(samples, free.length) };
    });
    const total = parts.reduce((sum, { count }) => sum + count, 0);
    let moved = 0;
    onSample(moved, total);
    const onMoved = () => onSample(++moved, total);
    const checks: GradientCheck[] = [];
    for (const { slot, free, count } of parts) {
      const derived = gradients.get(slot.name)!;
      checks.push(await checkParameter(start, slot, { derived, random, free, count, onMoved }));
    }
    return checks;
  } finally {
    engine.close();
  }
}

/** An engine with a batch, and the values that every run starts from. */
interface Start {
  readonly engine: Engine;
  /** Persistent slots, by name. */
  readonly values: ReadonlyMap<string, Float64Array>;
  readonly loss: Loss;
}

const restore = ({ engine, values }: Start): void =>
  values.forEach((value, name) => engine.write(name, value));

/** The gradients that the program follows, by parameter: those it keeps, or its updates / -lr. */
async function derivedGradients(
  start: Start,
  { trained, isKept }: { trained: readonly Slot[]; isKept: boolean },
): Promise<Map<string, ArrayLike<number>>> {
  const { engine, values } = start;
  restore(start);
  await engine.run("train", { iterations: 1 });
  if (isKept) {
    const kept = await engine.read(trained.map(({ name }) => gradientSlot(name)));
    return new Map(trained.map(({ name }) => [name, kept.get(gradientSlot(name))!]));
  }
  const rate = values.get("learning_rate")?.[0];
  if (!rate) throw new RangeError('Expected a program with a "learning_rate"');
  const after = await engine.read(trained.map(({ name }) => name));
  return new Map(trained.map(({ name }) => {
    const updated = after.get(name)!;
    return [name, values.get(name)!.map((before, index) => (before - updated[index]!) / rate)];
  }));
}

/** Compares a parameter's derived gradient with central differences, at some of its numbers. */
async function checkParameter(
  start: Start,
  slot: Slot,
  { derived, random, free, count, onMoved }: {
    derived: ArrayLike<number>;
    random: RandomStream;
    /** Indices of the numbers that may be moved, and how many of them are. */
    free: readonly number[];
    count: number;
    onMoved: () => void;
  },
): Promise<GradientCheck> {
  const { engine, values } = start;
  const { replicas } = engine.program.extents;
  const value = values.get(slot.name)!;
  const perReplica = value.length / replicas;
  const smooth: GradientSample[] = [];
  const kinks: GradientSample[] = [];
  let largest = 0;
  for (let sample = 0; sample < count; sample++) {
    const index = count === free.length ? free[sample]! : random.sample(free);
    const lossAt = async (step: number) => {
      restore(start);
      const moved = value.slice();
      moved[index]! += step;
      engine.write(slot.name, moved);
      const loss = await lossOf(start, Math.floor(index / perReplica));
      largest = Math.max(largest, Math.abs(loss));
      return loss;
    };
    const { central, isKink } = await slopeOf(lossAt, derived[index]!);
    const element = elementOf(slot, { index, perReplica, replicas });
    (isKink ? kinks : smooth).push({ element, derived: derived[index]!, central });
    onMoved();
  }
  return { parameter: slot.name, samples: count, ...errorsOf(smooth, largest), kinks };
}

/** What tells the loss: `evaluate`, which is quicker; but noise may be off there. */
const procedureOf = (program: Program): string =>
  inputSlots(program).some(isKeySlot) ? "train" : "evaluate";

/** The place of a number in a parameter. */
function elementOf(
  { shape }: Slot,
  { index, perReplica, replicas }: { index: number; perReplica: number; replicas: number },
): number[] {
  const place = index % perReplica;
  const [, columns = 1] = shape;
  const inShape = shape.length === 2
    ? [Math.floor(place / columns), place % columns]
    : shape.length === 1
    ? [place]
    : [];
  return replicas > 1 ? [Math.floor(index / perReplica), ...inShape] : inShape;
}

/** What training lowers, of a replica before its update: the loss summed over steps, averaged over sequences. */
async function lossOf({ engine, loss }: Start, replica: number): Promise<number> {
  const { program } = engine;
  const procedure = procedureOf(program);
  await engine.run(procedure, { iterations: 1 });
  if (program.slots.has(objectiveSlot)) {
    const sums = (await engine.read([objectiveSlot])).get(objectiveSlot)!;
    return sums[replica]! / batchOf(program);
  }
  // A program of whose stages none says what it lowers: the loss as its metrics count it.
  const [slot, names] = [`metrics/${procedure}`, program.metrics.get(procedure)!];
  const rows = (await engine.read([slot])).get(slot)!;
  return rows[replica * names.length + names.indexOf(metricOf(loss, "loss").sums[0]!)]! /
    batchOf(program);
}

/** The errors of samples, and what rounding of the largest loss alone makes of them. */
function errorsOf(
  samples: readonly GradientSample[],
  largest: number,
): Pick<GradientCheck, "error" | "resolution" | "largest" | "worst"> {
  const apart = ({ derived, central }: GradientSample) => Math.abs(derived - central);
  const sumOf = (square: (sample: GradientSample) => number) =>
    samples.reduce((sum, sample) => sum + square(sample), 0);
  const squares = Math.max(sumOf(({ central }) => central ** 2), 1e-300);
  // NaN is furthest apart.
  const worst = samples.reduce<GradientSample | undefined>(
    (worst, sample) => worst === undefined || !(apart(sample) <= apart(worst)) ? sample : worst,
    undefined,
  );
  return {
    error: Math.sqrt(sumOf((sample) => apart(sample) ** 2) / squares),
    resolution: roundingOf(largest) / Math.sqrt(squares / Math.max(1, samples.length)),
    largest: samples.reduce(
      (most, { derived, central }) => Math.max(most, Math.abs(derived), Math.abs(central)),
      0,
    ),
    ...worst ? { worst } : {},
  };
}

const gradientSlot = (name: string) => `probe/gradient/${name}`;

/** Whether a program keeps its gradient: it was built with `probe`, by a rule that has one. */
export const keepsGradient = ({ slots }: Program): boolean =>
  [...slots.keys()].some((name) => name.startsWith(gradientSlot("")));

function requireCheckable(program: Program, of: CheckGradientOptions["of"] = "gradient"): void {
  const { procedures, slots } = program;
  const isExact = procedures.get("train")?.some(({ loop }) => loop === "reverse");
  const isPlain = ![...slots.values()].some(({ kind }) => kind === "optimizer");
  if (of === "update" && !isPlain) {
    throw new RangeError("checkGradient: expected a program with plain sgd, to compare its update");
  }
  if (of === "gradient" && !keepsGradient(program) && !(isExact && isPlain)) {
    throw new RangeError(
      "checkGradient: expected a bptt program with plain sgd and no grad_clip, or a bptt or rtrl program built with probe",
    );
  }
  const averaged = [...slots.keys()].find((name) => slots.has(averageSlot(name)));
  if (averaged !== undefined) {
    throw new RangeError(
      `checkGradient: the program judges the average of "${averaged}", not the value that is moved; build it without average_share`,
    );
  }
}

/** Indices of the numbers that training may change: all but those of a fixed diagonal. */
function movable({ shape, fixedDiagonal }: Slot, length: number): number[] {
  const [rows = 1, columns = 1] = shape;
  return Array.from({ length }, (_, index) => index).filter((index) => {
    const place = index % (rows * columns);
    return !fixedDiagonal || Math.floor(place / columns) !== place % columns;
  });
}
