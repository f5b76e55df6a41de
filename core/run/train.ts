/**
 * The training loop: chunks of iterations on a device, metrics now and then, held-out sequences,
 * checkpoints. It knows nothing of files; hooks do.
 */
import type { Engine, Values } from "../backends/backend.ts";
import { initialValues } from "../backends/initial_values.ts";
import { isPersistent } from "../backends/layout.ts";
import type { Loss } from "../losses/loss.ts";
import type { Program } from "../program/program.ts";
import type { Split, Task } from "../task.ts";
import { type Batches, createBatches } from "./batches.ts";
import type { EndReason } from "./exit_codes.ts";

/** One number, or one a replica. */
export type Metric = number | number[];
export type Metrics = Readonly<Record<string, Metric>>;

export interface TrainRow {
  /** Iterations done. */
  readonly iteration: number;
  /** Sequences seen by one replica. */
  readonly sequences: number;
  /** Training time so far, over all resumes, in seconds. */
  readonly seconds: number;
  readonly values: Metrics;
}

/** Everything that a resumed run needs. */
export interface TrainState {
  readonly iteration: number;
  readonly seconds: number;
  /** Intervals in a row whose loss was above the limit. */
  readonly highLossIntervals: number;
  /** Sums of the training metrics since the last row. */
  readonly window: Float64Array;
  readonly tensors: ReadonlyMap<string, Values>;
}

export interface TrainOptions {
  readonly engine: Engine;
  readonly task: Task;
  readonly loss: Loss;
  /** P seeds, one a replica. */
  readonly seeds: readonly number[];
  readonly iterations: number;
  /** Iterations between rows of metrics; default: a hundredth of all. */
  readonly logEvery?: number;
  /** Held-out sequences judged with every row; 0: none. */
  readonly evaluationSequences?: number;
  /** Held-out sequences, of another split, judged at the end; 0: none. */
  readonly testSequences?: number;
  /** Iterations between checkpoints; 0: only at the end. */
  readonly checkpointEvery?: number;
  /** Stop after `intervals` rows in a row whose training loss is above `loss`. */
  readonly earlyStop?: { readonly loss: number; readonly intervals: number };
  readonly resume?: TrainState;
  readonly hooks?: TrainHooks;
}

export interface TrainHooks {
  onRow?(row: TrainRow): void;
  onProgress?(row: TrainRow): void;
  onCheckpoint?(state: TrainState): void;
  /** Asked between chunks; a reason ends the run after a checkpoint. */
  shouldStop?(): "interrupted" | "preempted" | undefined;
}

export interface TrainResult {
  readonly endReason: EndReason;
  readonly iterations: number;
  /** Sequences seen by one replica. */
  readonly sequences: number;
  readonly seconds: number;
  /** Those of the last row, and those on the test sequences when the run came to its end. */
  readonly metrics: Metrics;
  /** What the metrics on the test sequences are ratios of, e.g. how many recalls; empty without. */
  readonly testCounts: Metrics;
}

/** A chunk should take about this long: signals are served between chunks. */
const CHUNK_SECONDS = 0.15;

export const meanOf = (metric: Metric): number =>
  typeof metric === "number"
    ? metric
    : metric.reduce((sum, value) => sum + value, 0) / metric.length;

/**
 * Trains a program. Calls nothing back but the hooks; the engine stays open.
 *
 * @throws RangeError if the task does not fit the program, or an option is out of range.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { engine, task, seeds, iterations, resume, hooks = {} } = options;
  if (!(Number.isSafeInteger(iterations) && iterations >= 1)) {
    throw new RangeError(`Expected at least 1 iteration, got ${iterations}`);
  }
  const { sequences: batch } = engine.program.extents;
  const logEvery = options.logEvery ?? Math.max(1, Math.round(iterations / 100));
  const checkpointEvery = options.checkpointEvery ?? 0;
  checkOutput(engine.program, task);
  const batches = createBatches(engine.program, task, { seeds, chunk: engine.chunk });
  const pace = createPace(engine.chunk);
  restoreState(engine, seeds, resume);

  let done = resume?.iteration ?? 0;
  let highLoss = resume?.highLossIntervals ?? 0;
  const earlier = resume?.seconds ?? 0;
  const started = performance.now();
  const seconds = () => earlier + (performance.now() - started) / 1000;
  let latest: Metrics = {};
  // A run killed between its early stop and the end of its work has nothing left to train.
  let endReason: EndReason = options.earlyStop && highLoss >= options.earlyStop.intervals
    ? "early_stopped"
    : "completed";
  let window = createSums(engine, "train", resume?.window);
  const row = (values: Metrics): TrainRow => ({
    iteration: done,
    sequences: done * batch,
    seconds: seconds(),
    values,
  });
  const nextStop = () => {
    const next = (every: number) => every > 0 ? (Math.floor(done / every) + 1) * every : iterations;
    return Math.min(iterations, next(logEvery), next(checkpointEvery));
  };
  // False if a number is not finite: such a state is never kept.
  const checkpoint = async () => {
    const tensors = await engine.read(persistentSlots(engine));
    for (const values of tensors.values()) if (!values.every(Number.isFinite)) return false;
    hooks.onCheckpoint?.({
      iteration: done,
      seconds: seconds(),
      highLossIntervals: highLoss,
      window: window.totals,
      tensors,
    });
    return true;
  };

  while (done < iterations && endReason === "completed") {
    const count = Math.min(pace.length(), nextStop() - done);
    const sums = await pace.time(() =>
      runChunk(engine, batches, {
        procedure: "train",
        split: "train",
        first: done,
        iterations: count,
      })
    );
    window.add(sums, count);
    done += count;
    const stop = hooks.shouldStop?.();
    const atRow = done % logEvery === 0 || done === iterations;
    if (!window.finite()) endReason = "diverged";
    if (atRow || endReason === "diverged") {
      latest = { ...latest, ...await measure(options, { window, batches, pace }) };
      window = createSums(engine, "train");
      if (isBroken(latest)) {
        endReason = "diverged";
      }
      highLoss = options.earlyStop && meanOf(latest["train/loss"]!) > options.earlyStop.loss
        ? highLoss + 1
        : 0;
      if (
        options.earlyStop && endReason === "completed" && highLoss >= options.earlyStop.intervals
      ) {
        endReason = "early_stopped";
      }
      hooks.onRow?.(row(latest));
    }
    hooks.onProgress?.(row(latest));
    if (endReason !== "completed") break;
    const due = checkpointEvery > 0 && done % checkpointEvery === 0;
    if ((stop || due) && done < iterations) {
      endReason = await checkpoint() ? stop ?? endReason : "diverged";
    }
    await serveSignals();
  }
  let testCounts: Metrics = {};
  if (endReason === "completed" || endReason === "early_stopped") {
    if (!await checkpoint()) endReason = "diverged";
    else if (options.testSequences) {
      const sums = await evaluate(engine, { batches, pace }, {
        split: "test",
        sequences: options.testSequences,
        shouldStop: hooks.shouldStop,
      });
      if (typeof sums === "string") endReason = sums;
      else {
        latest = { ...latest, ...ratios(sums, options.loss, "test") };
        testCounts = countsOf(sums, engine.program.metrics.get("evaluate")!);
      }
    }
  }
  return {
    endReason,
    iterations: done,
    sequences: done * batch,
    seconds: seconds(),
    metrics: latest,
    testCounts,
  };
}

/** Timers and signals are served here; a promise alone would not let them in. */
const serveSignals = () => new Promise((resolve) => setTimeout(resolve, 0));

interface Pace {
  /** Iterations of the next chunk. */
  length(): number;
  time<T>(chunk: () => Promise<T>): Promise<T>;
}

/** Chunks grow until they take long enough to pay for the wait at their end. */
function createPace(longest: number): Pace {
  let length = 1;
  return {
    length: () => length,
    async time(chunk) {
      const before = performance.now();
      const result = await chunk();
      const took = (performance.now() - before) / 1000;
      if (took < CHUNK_SECONDS / 2) length = Math.min(length * 2, longest);
      else if (took > CHUNK_SECONDS * 2) length = Math.max(1, Math.floor(length / 2));
      return result;
    },
  };
}

/** @throws RangeError if a network predicts other symbols than the task has. */
function checkOutput({ output }: Program, { name, symbols }: Task): void {
  if (!output || output.length !== 1 || output[0] === symbols) return;
  throw new RangeError(`Task ${name} has ${symbols} symbols, the model's output ${output[0]}`);
}

/** Whether numbers are not finite, or so large that their norms are not. */
function isBroken(metrics: Metrics): boolean {
  const broken = metrics["plastic/not_finite"];
  if (broken !== undefined && meanOf(broken) !== 0) return true;
  return Object.entries(metrics).some(([name, value]) =>
    name.startsWith("plastic/") && !Number.isFinite(meanOf(value))
  );
}

const persistentSlots = ({ program }: Engine): string[] =>
  [...program.slots.values()].filter(isPersistent).map(({ name }) => name);

/** Puts first values or those of a checkpoint on the device. */
function restoreState(
  engine: Engine,
  seeds: readonly number[],
  resume: TrainState | undefined,
): void {
  for (const name of persistentSlots(engine)) {
    const saved = resume?.tensors.get(name);
    if (resume && !saved) throw new RangeError(`The checkpoint has no tensor "${name}"`);
    engine.write(name, saved ?? initialValues(engine.program, name, seeds));
  }
}

/** Sums of a metrics slot over iterations, by replica. */
interface Sums {
  /** [P, M]. */
  readonly totals: Float64Array;
  add(rows: Values, iterations: number): void;
  finite(): boolean;
  /** Sum of one metric, by replica. */
  of(name: string): number[];
}

function createSums(engine: Engine, procedure: string, start?: Float64Array): Sums {
  const names = engine.program.metrics.get(procedure)!;
  const { replicas } = engine.program.extents;
  const totals = new Float64Array(replicas * names.length);
  if (start) totals.set(start);
  return {
    totals,
    add(rows, iterations) {
      for (let index = 0; index < iterations * totals.length; index++) {
        totals[index % totals.length]! += rows[index]!;
      }
    },
    finite: () => totals.every(Number.isFinite),
    of: (name) =>
      Array.from(
        { length: replicas },
        (_, replica) => totals[replica * names.length + names.indexOf(name)]!,
      ),
  };
}

/** Draws, uploads and runs a chunk; returns its rows of metrics, [K, P, M]. */
async function runChunk(
  engine: Engine,
  batches: Batches,
  { procedure, split, first, iterations, restore = false }: {
    procedure: string;
    split: Split;
    first: number;
    iterations: number;
    restore?: boolean;
  },
): Promise<Values> {
  for (const [name, values] of batches.draw(split, { first, iterations })) {
    engine.write(name, values);
  }
  await engine.run(procedure, { iterations, first, restore });
  const slot = `metrics/${procedure}`;
  return (await engine.read([slot])).get(slot)!;
}

const unwrap = (values: number[]): Metric => values.length === 1 ? values[0]! : values;

function ratios(sums: Sums, loss: Loss, prefix: string): Record<string, Metric> {
  return Object.fromEntries(
    Object.entries(loss.metrics).map(([name, [above, below]]) => {
      const [numerators, denominators] = [sums.of(above), sums.of(below)];
      return [
        `${prefix}/${name}`,
        unwrap(numerators.map((value, replica) => value / denominators[replica]!)),
      ];
    }),
  );
}

function countsOf(sums: Sums, names: readonly string[]): Metrics {
  return Object.fromEntries(names.map((name) => [name, unwrap(sums.of(name))]));
}

interface Judging {
  readonly batches: Batches;
  readonly pace: Pace;
}

async function measure(
  { engine, loss, evaluationSequences = 0 }: TrainOptions,
  { window, ...judging }: Judging & { window: Sums },
): Promise<Metrics> {
  const values: Record<string, Metric> = ratios(window, loss, "train");
  if (engine.program.procedures.has("measure")) {
    await engine.run("measure", { iterations: 1 });
    const sums = createSums(engine, "measure");
    sums.add((await engine.read(["metrics/measure"])).get("metrics/measure")!, 1);
    for (const name of engine.program.metrics.get("measure")!) {
      values[`plastic/${name}`] = unwrap(sums.of(name));
    }
  }
  if (evaluationSequences > 0) {
    const range = { split: "validation", sequences: evaluationSequences } as const;
    const sums = await evaluate(engine, judging, range);
    if (typeof sums !== "string") Object.assign(values, ratios(sums, loss, "eval"));
  }
  return values;
}

/**
 * Judges the network on held-out sequences; the engine puts back what they change.
 *
 * @returns counts, or the reason to stop that came meanwhile.
 */
async function evaluate(
  engine: Engine,
  { batches, pace }: Judging,
  { split, sequences, shouldStop }: {
    split: Split;
    sequences: number;
    shouldStop?: TrainHooks["shouldStop"];
  },
): Promise<Sums | "interrupted" | "preempted"> {
  const sums = createSums(engine, "evaluate");
  const rounds = Math.ceil(sequences / engine.program.extents.sequences);
  for (let first = 0; first < rounds;) {
    const iterations = Math.min(pace.length(), rounds - first);
    const range = { procedure: "evaluate", split, first, iterations, restore: true };
    sums.add(await pace.time(() => runChunk(engine, batches, range)), iterations);
    first += iterations;
    await serveSignals();
    const stop = shouldStop?.();
    if (stop) return stop;
  }
  return sums;
}
