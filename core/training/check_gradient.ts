/** Compares the gradient a program follows with central differences of the loss it reports. */
import { referenceBackend } from "../backends/reference/reference.ts";
import { initialValues } from "../backends/initial_values.ts";
import { isPersistent } from "../backends/layout.ts";
import type { Loss } from "../losses/loss.ts";
import type { Slot } from "../program/node.ts";
import { averageSlot } from "../program/average_slot.ts";
import type { Program } from "../program/program.ts";
import { randomStream } from "../random.ts";
import type { Task } from "./task.ts";
import { batchOf, createBatches } from "./batches.ts";

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

const STEP = 1e-5;
/** A plain difference that is further off than this, relatively, is refined. */
const DOUBT = 1e-7;

/**
 * Checks the gradient of a program that keeps it (`probe`), or the update of a `bptt` program with
 * plain sgd divided by -lr, against (L(w + h) - L(w - h)) / 2h in float64, L the loss of a batch
 * summed over steps, averaged over sequences; where that is in doubt, with the term of third
 * derivatives removed (Richardson, 1911). Fast weights are not checked: they change inside the
 * sequence.
 *
 * @returns one check a slow parameter.
 * @throws RangeError if the program neither keeps its gradient nor is one of bptt with sgd, or judges
 *   averages of its weights.
 * @example
 * const program = updaters.bptt.build({ model, loss, extents }, { learning_rate: 1 });
 * const checks = await checkGradient({ program, loss, task }); // error below 1e-6 of each
 */
export async function checkGradient(
  { program, loss, task, seed = 1, samples = 10 }: CheckGradientOptions,
): Promise<GradientCheck[]> {
  const { replicas } = program.extents;
  const batchSize = batchOf(program);
  const keeps = keepsGradient(program);
  requireCheckable(program, keeps);
  const seeds = Array.from({ length: replicas }, () => seed);
  const engine = await referenceBackend().prepare(program);
  const persistent = [...program.slots.values()].filter(isPersistent);
  const values = new Map(
    persistent.map(({ name }) => [name, Float64Array.from(initialValues(program, name, seeds))]),
  );
  const restore = () => values.forEach((value, name) => engine.write(name, value));
  const batch = createBatches(program, task, { seeds, chunk: 1 }).draw("validation", {
    first: 0,
    iterations: 1,
  });
  batch.forEach((value, name) => engine.write(name, value));
  const names = program.metrics.get("evaluate")!;
  // What a loss reports may weigh steps otherwise than what is followed.
  const lossSum = names.includes("objective") ? "objective" : loss.metrics["loss"]![0];

  /** Mean over the sequences of a replica of the summed loss. */
  async function lossOf(replica: number): Promise<number> {
    await engine.run("evaluate", { iterations: 1 });
    const rows = (await engine.read(["metrics/evaluate"])).get("metrics/evaluate")!;
    return rows[replica * names.length + names.indexOf(lossSum)]! / batchSize;
  }

  restore();
  await engine.run("train", { iterations: 1 });
  const rate = values.get("learning_rate")?.[0];
  if (!rate) throw new RangeError('Expected a program with a "learning_rate"');
  const trained = persistent.filter(({ kind, hasBatchAxis }) =>
    kind === "parameter" && !hasBatchAxis
  );
  const after = await engine.read(trained.map(({ name }) => keeps ? gradientSlot(name) : name));
  const random = randomStream({ seed, stream: 0 });
  const checks: GradientCheck[] = [];
  for (const slot of trained) {
    const { name } = slot;
    const value = values.get(name)!;
    const free = movable(slot, value.length);
    const count = Math.min(samples, free.length);
    let [difference, size, largest] = [0, 0, 0];
    for (let sample = 0; sample < count; sample++) {
      const index = count === free.length ? free[sample]! : random.sample(free);
      const replica = Math.floor(index / (value.length / replicas));
      const derived = keeps
        ? after.get(gradientSlot(name))![index]!
        : (value[index]! - after.get(name)![index]!) / rate;
      const lossAt = async (step: number) => {
        restore();
        const moved = value.slice();
        moved[index]! += step;
        engine.write(name, moved);
        const summed = await lossOf(replica);
        largest = Math.max(largest, Math.abs(summed));
        return summed;
      };
      const central = await slopeOf(lossAt, derived);
      difference += (derived - central) ** 2;
      size += central ** 2;
    }
    checks.push({
      parameter: name,
      samples: count,
      ...errorsOf({ difference, size, largest, count }),
    });
  }
  engine.close();
  return checks;
}

/** The slope of a loss at 0. Where it is in doubt, the term of third derivatives is removed. */
async function slopeOf(
  lossAt: (step: number) => Promise<number>,
  derived: number,
): Promise<number> {
  const difference = async (step: number) =>
    (await lossAt(step) - await lossAt(-step)) / (2 * step);
  const central = await difference(STEP);
  const isClear = Math.abs(derived - central) <= DOUBT * Math.abs(central);
  return isClear ? central : (4 * central - await difference(2 * STEP)) / 3;
}

/** From sums of squares over `count` numbers, and the largest loss that was met. */
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

function requireCheckable({ procedures, slots }: Program, keeps: boolean): void {
  const exact = procedures.get("train")?.some(({ loop }) => loop === "reverse");
  const plain = ![...slots.values()].some(({ kind }) => kind === "optimizer");
  if (!keeps && !(exact && plain)) {
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

/** The numbers of a parameter that training may change: a fixed diagonal may not. */
function movable({ shape, fixedDiagonal }: Slot, length: number): number[] {
  const [rows = 1, columns = 1] = shape;
  return Array.from({ length }, (_, index) => index).filter((index) => {
    const place = index % (rows * columns);
    return !fixedDiagonal || Math.floor(place / columns) !== place % columns;
  });
}
