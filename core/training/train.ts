/**
 * The training loop: chunks of iterations on a device, rows of metrics, held-out sequences, checkpoints,
 * and a curriculum for tasks that have levels. It knows nothing of files; hooks do.
 *
 * A step of the loop runs a chunk (`train_chunk.ts`), freezes replicas that diverged in it, records scores, writes a row if one
 * is due, reports passed levels, writes a checkpoint if one is due, and moves to the next levels. After each
 * step `end_of_training.ts` says whether it was the last.
 */
import type { Values } from "../backends/backend.ts";
import { evaluate } from "./chunk.ts";
import { keepBest, loadBest } from "./best_networks.ts";
import { brokenSums, brokenWeights, withoutReplicas } from "./divergence.ts";
import { endOfTraining, isFinished } from "./end_of_training.ts";
import { follow } from "./followed_metric.ts";
import { divergencesOf, freezeDiverged, restoreFrozen, stateOf } from "./freeze_diverged.ts";
import { heldOutOf } from "./held_out.ts";
import { measureRow } from "./measure_row.ts";
import { serveSignals } from "./serve_signals.ts";
import { createSequenceCounts, type Estimates } from "./sequence_counts.ts";
import {
  areJudged,
  countsOf,
  createSums,
  lossMetrics,
  meanOf,
  type Metrics,
  metricValues,
} from "./sums.ts";
import { trainChunk } from "./train_chunk.ts";
import type { TrainOptions, TrainResult } from "./train_options.ts";
import {
  isCheckpointDue,
  openLevels,
  openTrainingRun,
  rowOf,
  secondsOf,
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
    if (run.owedRow) run.stopped = await writeRow(run, { hasPromotions: false });
    while (endOfTraining(run) === undefined) await trainStep(run);
    await restoreFrozen(run);
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

/** One step of the loop. */
async function trainStep(run: TrainingRun): Promise<void> {
  const { hooks = {} } = run.options;
  const { update, rows } = await trainChunk(run);
  await freezeDiverged(run, brokenSums(update, run.options.loss));
  if (run.ahead) {
    hooks.onProgress?.(rowOf(run));
    run.isAskedToStop = hooks.shouldStop?.() !== undefined;
    if (run.session.isSignalDue()) await serveSignals();
    return;
  }
  const promoted = run.isBroken ? [] : await judgeLevels(run, rows);
  const hasPromotions = promoted.length > 0;
  const cut = hasPromotions || isRowDue(run) ? await writeRow(run, { hasPromotions }) : undefined;
  hooks.onProgress?.(rowOf(run));
  const stopReason = cut ?? hooks.shouldStop?.();
  const end = endOfTraining(run);
  if (end === "diverged" || end === "early_stopped") return;
  if (hasPromotions) await reportLevels(run, promoted);
  if (run.isBroken) return;
  if (end === undefined || cut) {
    await checkpointAndMove(run, { hasPromotions, stopReason });
  }
  if (run.session.isSignalDue()) await serveSignals();
}

/**
 * Records the scores of updates in the curriculum.
 *
 * @param updates metrics of each, [P, M].
 * @returns the replicas that pass a level with the last one; with those before, none can.
 */
async function judgeLevels(
  run: TrainingRun,
  updates: readonly Values[],
): Promise<readonly number[]> {
  const { curriculum, task, iteration, options: { loss, verify } } = run;
  if (!curriculum) return [];
  let complete: readonly number[] = [];
  for (const rows of updates) {
    const update = createSums(run.session.engine.program, "train");
    update.add(rows, 1);
    complete = curriculum.recordScores(metricValues(update, loss, task.score));
  }
  if (complete.length === 0) return [];
  const state = await stateOf(run);
  const promoted: number[] = [];
  for (const replica of complete) {
    const level = curriculum.state.level[replica]!;
    // A network with numbers that are not finite passes nothing.
    if (!state || run.frozen.has(replica)) continue;
    const passes = (await verify?.({ replica, level, state })) ?? true;
    curriculum.completeStreak(replica, { passes, iteration });
    if (passes) promoted.push(replica);
  }
  return promoted;
}

/** Whether a row belongs after the updates done: one of every `logEvery`, and the last. */
const isRowDue = (run: TrainingRun): boolean =>
  run.iteration % run.logEvery === 0 || endOfTraining(run) !== undefined;

/**
 * Writes a row of metrics, begins new sums, counts the rows in which the loss was high, and keeps the best networks.
 *
 * @returns the reason to stop if there is one meanwhile: then the row is owed, and a resumed run writes it.
 */
async function writeRow(
  run: TrainingRun,
  { hasPromotions }: { hasPromotions: boolean },
): Promise<TrainingRun["stopped"]> {
  const { hooks, earlyStop, patience } = run.options;
  const shouldStop = () => {
    const reason = hooks?.shouldStop?.();
    // A resumed run would measure this row at the next level, so it is finished.
    return hasPromotions ? undefined : reason;
  };
  const outcome = await measureRow(run.options, { ...run, shouldStop });
  run.owedRow = "reason" in outcome ? outcome.row : undefined;
  if ("reason" in outcome) return outcome.reason;
  const { row } = outcome;
  await freezeDiverged(run, brokenWeights(row));
  run.metrics = { ...run.metrics, ...ofLiving(run, row) };
  run.window = createSums(run.session.engine.program, "train");
  const isHigh = earlyStop !== undefined && meanOf(run.metrics["train/loss"]!) > earlyStop.loss;
  run.highLossIntervals = isHigh ? run.highLossIntervals + 1 : 0;
  const metric = patience && run.metrics[patience.metric.name];
  if (metric) {
    const { metric: { better }, least } = patience;
    follow(run.patience, { metric, better, least, iteration: run.iteration });
  }
  hooks?.onRow?.(rowOf(run));
  await keepBest(run);
  return undefined;
}

/** Metrics in which those of replicas that have diverged are no numbers. */
const ofLiving = ({ frozen }: TrainingRun, metrics: Metrics): Metrics =>
  withoutReplicas(metrics, (replica) => frozen.has(replica));

/** Tells a hook of every replica that has passed a level. */
async function reportLevels(run: TrainingRun, promoted: readonly number[]): Promise<void> {
  const state = await stateOf(run);
  if (!state) return;
  const { passed } = run.curriculum!.state;
  for (const replica of promoted) {
    run.options.hooks?.onLevel?.({ replica, level: passed[replica]!, state });
  }
}

/** Writes a checkpoint if one is due, and moves to the next levels if replicas have passed theirs. */
async function checkpointAndMove(
  run: TrainingRun,
  { hasPromotions, stopReason }: { hasPromotions: boolean; stopReason: TrainingRun["stopped"] },
): Promise<void> {
  const { tasks, curriculum, session: { engine } } = run;
  const next = run.hasLevels && hasPromotions && !stopReason ? curriculum!.state.level : undefined;
  // A checkpoint comes before a move, since there may be no memory for the next level.
  const moves = next !== undefined && needsMove(engine, { tasks, levels: next });
  if (stopReason || isCheckpointDue(run) || moves) await checkpoint(run);
  if (run.isBroken) return;
  run.stopped = stopReason;
  if (next) await openLevels(run, next);
}

/** Hands the state to a hook, unless every replica has diverged. */
async function checkpoint(run: TrainingRun): Promise<void> {
  const state = await stateOf(run);
  if (!state) return;
  run.options.hooks?.onCheckpoint?.(state);
  run.hasCheckpoint = true;
}

/** Keeps the network of a run that has finished, and judges it, or the best ones, on the test sequences. */
async function finish(run: TrainingRun): Promise<void> {
  const end = endOfTraining(run)!;
  if (!isFinished(end) && end !== "no_room") return;
  if (isFinished(end)) await checkpoint(run);
  if (isFinished(end) && !run.isBroken) await loadBest(run);
  if (!run.isBroken && run.options.testSequences) await test(run, run.options.testSequences);
}

/** Tests each replica at the highest level that it has passed; skipped if there is no room for these. */
async function test(run: TrainingRun, sequences: number): Promise<void> {
  const { curriculum, ranges, options: { loss, hooks } } = run;
  if (run.hasLevels && curriculum) {
    const before = run.session;
    await openLevels(run, testedLevels({ ranges, curriculum }));
    if (run.session === before) return;
  }
  const { engine } = run.session;
  const counts = createSequenceCounts(engine.program, heldOutOf(run.session.tasks, "test"));
  const { sums, reason } = await evaluate(engine, run.session, {
    split: "test",
    sequences,
    counts,
    shouldStop: hooks?.shouldStop,
  });
  if (reason !== undefined) {
    run.stopped = reason;
    return;
  }
  run.metrics = { ...run.metrics, ...ofLiving(run, lossMetrics(sums, loss, "test")) };
  const procedure = "evaluate";
  run.testCounts = ofLiving(run, countsOf(sums, { program: engine.program, procedure, loss }));
  const judged = areJudged(sums, loss).map((isJudged, index) => isJudged && !run.frozen.has(index));
  run.testEstimates = judgedEstimates(counts.estimates(loss), judged);
}

/** Estimates [P] by metric; without a loss that is a number, a replica has none. */
const judgedEstimates = (estimates: Estimates, judged: readonly boolean[]): Estimates =>
  Object.fromEntries(
    Object.entries(estimates).map(([name, replicas]) => [
      name,
      replicas.map((estimate, replica) =>
        judged[replica] ? estimate : { ...estimate, value: NaN, interval: undefined }
      ),
    ]),
  );

const resultOf = (run: TrainingRun): TrainResult => ({
  endReason: endOfTraining(run)!,
  ...run.noRoom === undefined ? {} : { message: run.noRoom },
  iterations: run.iteration,
  sequences: run.iteration * run.batch,
  seconds: secondsOf(run),
  metrics: run.metrics,
  testCounts: run.testCounts,
  testEstimates: run.testEstimates,
  ...run.best ? { best: run.best.standing } : {},
  divergences: divergencesOf(run),
  engine: run.session.engine,
});
