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

/** How far the gradient of one parameter is from central differences. */
export interface GradientCheck {
  /** Name of the parameter. */
  readonly parameter: string;
  /** Numbers of the parameter that were moved. */
  readonly samples: number;
  /** rms(derived - central difference) / rms(central difference). */
  readonly error: number;
  /** Relative error that rounding of the loss alone can make: what differences cannot resolve. */
  readonly resolution: number;
}

/** What is checked, and how closely. */
export interface CheckGradientOptions {
  /** The program that follows the gradient. */
  readonly program: Program;
  /** The loss that it was built with. */
  readonly loss: Loss;
  /** Makes the sequences. */
  readonly task: Task;
  /** Of first values, sequences and samples; default: 1. */
  readonly seed?: number;
  /** At most this many numbers of each parameter, drawn at random; default: 10. */
  readonly samples?: number;
}

/** h, by which a number is moved. */
const STEP = 1e-5;
/** Relative error from which a central difference is computed again, with a smaller error. */
const DOUBT = 1e-7;

/**
 * Checks the gradient of a program that keeps it (`probe`), or the update of a `bptt` program with
 * plain sgd divided by -lr, against (L(w + h) - L(w - h)) / 2h in float64, L the loss of a batch
 * summed over steps, averaged over sequences; where that is in doubt, with the term of third
 * derivatives removed (Richardson, 1911). Fast weights are not checked: they change inside the
 * sequence. A network that draws random numbers draws the same ones for every loss.
 *
 * @returns one check a slow parameter.
 * @throws RangeError if the program neither keeps its gradient nor is one of bptt with sgd, or judges
 *   averages of its weights.
 * @example
 * const program = updaters.bptt.build({ model, loss, extents }, { learning_rate: 1 });
 * const checks = await checkGradient({ program, loss, task }); // error below 1e-6 of each
 */
export async function checkGradient(
  { program: given, loss, task, seed = 1, samples = 10 }: CheckGradientOptions,
): Promise<GradientCheck[]> {
  requireCheckable(given);
  const program = programFor(task, given);
  const seeds = Array.from({ length: program.extents.replicas }, () => seed);
  const engine = await referenceBackend().prepare(program);
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
  const gradients = await derivedGradients(start, trained);
  const random = randomStream({ seed, stream: 0 });
  const checks: GradientCheck[] = [];
  for (const slot of trained) {
    const derived = gradients.get(slot.name)!;
    checks.push(await checkParameter(start, slot, { derived, random, samples }));
  }
  engine.close();
  return checks;
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
  trained: readonly Slot[],
): Promise<Map<string, ArrayLike<number>>> {
  const { engine, values } = start;
  restore(start);
  await engine.run("train", { iterations: 1 });
  if (keepsGradient(engine.program)) {
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
  { derived, random, samples }: {
    derived: ArrayLike<number>;
    random: RandomStream;
    samples: number;
  },
): Promise<GradientCheck> {
  const { engine, values } = start;
  const value = values.get(slot.name)!;
  const perReplica = value.length / engine.program.extents.replicas;
  const free = movable(slot, value.length);
  const count = Math.min(samples, free.length);
  let [difference, size, largest] = [0, 0, 0];
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
    const central = await slopeOf(lossAt, derived[index]!);
    difference += (derived[index]! - central) ** 2;
    size += central ** 2;
  }
  const errors = errorsOf({ difference, size, largest, count });
  return { parameter: slot.name, samples: count, ...errors };
}

/** What tells the loss: `evaluate`, which is quicker; but noise may be off there. */
const procedureOf = (program: Program): string =>
  inputSlots(program).some(isKeySlot) ? "train" : "evaluate";

/** The loss of a replica before its update, summed over steps, averaged over sequences. */
async function lossOf({ engine, loss }: Start, replica: number): Promise<number> {
  const procedure = procedureOf(engine.program);
  const names = engine.program.metrics.get(procedure)!;
  // A loss may report its steps with other weights than it is followed with: `objective` has these.
  const name = names.includes("objective") ? "objective" : metricOf(loss, "loss").sums[0]!;
  await engine.run(procedure, { iterations: 1 });
  const slot = `metrics/${procedure}`;
  const rows = (await engine.read([slot])).get(slot)!;
  return rows[replica * names.length + names.indexOf(name)]! / batchOf(engine.program);
}

/** The slope of a loss at 0. In case of doubt the term of third derivatives is removed (Richardson). */
async function slopeOf(
  lossAt: (step: number) => Promise<number>,
  derived: number,
): Promise<number> {
  const [above, below] = [await lossAt(STEP), await lossAt(-STEP)];
  const central = (above - below) / (2 * STEP);
  // What rounding of the losses may do to a difference would only grow.
  const rounding = 10 * Number.EPSILON * Math.max(Math.abs(above), Math.abs(below)) / STEP;
  const doubt = Math.max(DOUBT * Math.abs(central), rounding);
  if (Math.abs(derived - central) <= doubt) return central;
  const wide = (await lossAt(2 * STEP) - await lossAt(-2 * STEP)) / (4 * STEP);
  return (4 * central - wide) / 3;
}

/** The errors, from sums of squares over `count` numbers and the largest loss. */
function errorsOf(
  { difference, size, largest, count }: Readonly<
    Record<"difference" | "size" | "largest" | "count", number>
  >,
): Pick<GradientCheck, "error" | "resolution"> {
  const squares = Math.max(size, 1e-300);
  return {
    error: Math.sqrt(difference / squares),
    resolution: 10 * Number.EPSILON * largest / STEP / Math.sqrt(squares / Math.max(1, count)),
  };
}

const gradientSlot = (name: string) => `probe/gradient/${name}`;

const keepsGradient = ({ slots }: Program): boolean =>
  [...slots.keys()].some((name) => name.startsWith(gradientSlot("")));

function requireCheckable(program: Program): void {
  const { procedures, slots } = program;
  const isExact = procedures.get("train")?.some(({ loop }) => loop === "reverse");
  const isPlain = ![...slots.values()].some(({ kind }) => kind === "optimizer");
  if (!keepsGradient(program) && !(isExact && isPlain)) {
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
