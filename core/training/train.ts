/**
 * The training loop: chunks of iterations on a device, metrics now and then, held-out sequences,
 * checkpoints, and a curriculum for tasks that have levels. It knows nothing of files; hooks do.
 *
 * A step of the loop runs a chunk, judges it, writes a row, tells of levels, and makes what was
 * learned safe. `end_of_training.ts` says after each whether it was the last.
 */
import { evaluate, runChunk } from "./chunk.ts";
import { endOfTraining, isWhole } from "./end_of_training.ts";
import { isBroken, measureRow } from "./measure_row.ts";
import { serveSignals } from "./serve_signals.ts";
import { countsOf, createSums, meanOf, ratioOf, ratios, type Sums } from "./sums.ts";
import type { TrainOptions, TrainResult } from "./train_options.ts";
import {
  openLevels,
  openTrainingRun,
  rowOf,
  secondsOf,
  stateOf,
  testedLevels,
  type TrainingRun,
} from "./training_run.ts";
import { needsMove } from "./training_session.ts";

/**
 * Trains a program. Calls nothing back but the hooks. What it opens is closed again, but for the
 * engine of the result.
 *
 * @throws RangeError if the task does not fit the program, or an option is out of range.
 * @throws NoRoomError if there is no room for the first level.
 * @example
 * const engine = await backend.prepare(program, { chunk: 64 });
 * const { metrics } = await train({ engine, task, loss: task.loss, seeds: [1], iterations: 500 });
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const run = await openTrainingRun(options);
  try {
    while (endOfTraining(run) === undefined) await trainOn(run);
    await finish(run);
    return resultOf(run);
  } catch (error) {
    const { engine } = run.session;
    if (engine !== options.engine) engine.close();
    throw error;
  } finally {
    run.session.batches.close?.();
  }
}

/** One step: from a chunk of iterations to whatever they make due. */
async function trainOn(run: TrainingRun): Promise<void> {
  const { hooks = {} } = run.options;
  const update = await runNextChunk(run);
  const risen = await judgeLevels(run, update);
  const asked = hooks.shouldStop?.();
  if (!run.window.finite()) run.isBroken = true;
  const isRowDue = run.iteration % run.logEvery === 0 || risen.length > 0;
  if (isRowDue || endOfTraining(run)) await writeRow(run);
  hooks.onProgress?.(rowOf(run));
  const end = endOfTraining(run);
  if (end === "diverged" || end === "early_stopped") return;
  if (risen.length > 0) await tellLevels(run, risen);
  if (run.isBroken) return;
  if (end === undefined) await secure(run, { hasRisen: risen.length > 0, asked });
  // A curriculum's chunks are short: waiting after each would cost more than they do.
  if (run.session.due()) await serveSignals();
}

/** Trains up to the next row or checkpoint, or less. @returns the sums of these iterations alone. */
async function runNextChunk(run: TrainingRun): Promise<Sums> {
  const { session, curriculum, iteration, logEvery, checkpointEvery } = run;
  const { iterations } = run.options;
  const next = (every: number) =>
    every > 0 ? (Math.floor(iteration / every) + 1) * every : iterations;
  const stop = Math.min(iterations, next(logEvery), next(checkpointEvery));
  // A curriculum judges every update before the next one is drawn.
  const count = curriculum ? 1 : Math.min(session.chunkSizer.length(), stop - iteration);
  const rows = await session.chunkSizer.time(() =>
    runChunk(session.engine, session.batches, {
      procedure: "train",
      split: "train",
      first: iteration,
      iterations: count,
    })
  );
  run.window.add(rows, count);
  run.iteration += count;
  const update = createSums(session.engine.program, "train");
  update.add(rows, count);
  return update;
}

/** Judges one update of a curriculum. @returns the replicas that have passed a level with it. */
async function judgeLevels(run: TrainingRun, update: Sums): Promise<readonly number[]> {
  const { curriculum, task, iteration, options: { loss, verify } } = run;
  const complete = curriculum?.recordScores(ratioOf(update, loss, task.score)) ?? [];
  if (!curriculum || complete.length === 0) return [];
  // A state that is not finite passes nothing, and the row that follows ends the run.
  const state = await stateOf(run);
  const risen: number[] = [];
  for (const replica of complete) {
    const level = curriculum.state.level[replica]!;
    const passes = state !== undefined && (await verify?.({ replica, level, state }) ?? true);
    curriculum.completeStreak(replica, { passes, iteration });
    if (passes) risen.push(replica);
  }
  return risen;
}

/** Measures the network, begins a new window, and counts how long the loss has been high. */
async function writeRow(run: TrainingRun): Promise<void> {
  const { hooks, earlyStop } = run.options;
  run.metrics = { ...run.metrics, ...await measureRow(run.options, run) };
  run.window = createSums(run.session.engine.program, "train");
  if (isBroken(run.metrics)) run.isBroken = true;
  const isHigh = earlyStop !== undefined && meanOf(run.metrics["train/loss"]!) > earlyStop.loss;
  run.highLossIntervals = isHigh ? run.highLossIntervals + 1 : 0;
  hooks?.onRow?.(rowOf(run));
}

async function tellLevels(run: TrainingRun, risen: readonly number[]): Promise<void> {
  const state = await stateOf(run);
  if (!state) {
    run.isBroken = true;
    return;
  }
  const { passed } = run.curriculum!.state;
  for (const replica of risen) {
    run.options.hooks?.onLevel?.({ replica, level: passed[replica]!, state });
  }
}

/** Writes a checkpoint where one is due, and goes on to the levels that replicas have risen to. */
async function secure(
  run: TrainingRun,
  { hasRisen, asked }: { hasRisen: boolean; asked: TrainingRun["stopped"] },
): Promise<void> {
  const { tasks, curriculum, checkpointEvery, session: { engine } } = run;
  const next = run.hasLevels && hasRisen && !asked ? curriculum!.state.level : undefined;
  // What is learned is safe before more memory is asked for.
  const moves = next !== undefined && needsMove(engine, { tasks, levels: next });
  const isDue = checkpointEvery > 0 && run.iteration % checkpointEvery === 0;
  if (asked || isDue || moves) await checkpoint(run);
  if (run.isBroken) return;
  run.stopped = asked;
  if (next) await openLevels(run, next);
}

async function checkpoint(run: TrainingRun): Promise<void> {
  const state = await stateOf(run);
  if (state) run.options.hooks?.onCheckpoint?.(state);
  else run.isBroken = true;
}

/** Keeps the network of a run that has ended well, and judges it on the test sequences. */
async function finish(run: TrainingRun): Promise<void> {
  const end = endOfTraining(run)!;
  if (!isWhole(end) && end !== "no_room") return;
  if (isWhole(end)) await checkpoint(run);
  if (!run.isBroken && run.options.testSequences) await test(run, run.options.testSequences);
}

/** Each replica at the highest level that it passed; nothing where there is no room for those. */
async function test(run: TrainingRun, sequences: number): Promise<void> {
  const { curriculum, ranges, options: { loss, hooks } } = run;
  if (run.hasLevels && curriculum) {
    const before = run.session;
    await openLevels(run, testedLevels({ ranges, curriculum }));
    if (run.session === before) return;
  }
  const { engine } = run.session;
  const outcome = await evaluate(engine, run.session, {
    split: "test",
    sequences,
    shouldStop: hooks?.shouldStop,
  });
  if ("reason" in outcome) {
    run.stopped = outcome.reason;
    return;
  }
  run.metrics = { ...run.metrics, ...ratios(outcome.sums, loss, "test") };
  run.testCounts = countsOf(outcome.sums, engine.program, "evaluate");
}

const resultOf = (run: TrainingRun): TrainResult => ({
  endReason: endOfTraining(run)!,
  ...run.noRoom === undefined ? {} : { message: run.noRoom },
  iterations: run.iteration,
  sequences: run.iteration * run.batch,
  seconds: secondsOf(run),
  metrics: run.metrics,
  testCounts: run.testCounts,
  engine: run.session.engine,
});
