/**
 * The training loop: chunks of iterations on a device, metrics now and then, held-out sequences,
 * checkpoints, and a curriculum for tasks that have levels. It knows nothing of files; hooks do.
 */
import type { Engine, Values } from "../backends/backend.ts";
import { initialValues } from "../backends/initial_values.ts";
import type { Loss } from "../losses/loss.ts";
import type { Program } from "../program/program.ts";
import type { Task } from "./task.ts";
import { batchOf } from "./batches.ts";
import { evaluate, runChunk } from "./chunk.ts";
import { createCurriculum, type Curriculum, type LevelRange } from "./curriculum.ts";
import type { EndReason } from "./exit_codes.ts";
import {
  needsMove,
  openTrainingSession,
  persistentSlots,
  type TrainingSession,
} from "./training_session.ts";
import { isBroken, measureRow } from "./measure_row.ts";
import { NoRoomError } from "./no_room_error.ts";
import { serveSignals } from "./chunk_sizer.ts";
import { replicaTasks } from "./replica_tasks.ts";
import { countsOf, createSums, meanOf, type Metrics, ratioOf, ratios } from "./sums.ts";
import type { TrainOptions, TrainResult, TrainRow, TrainState } from "./train_options.ts";

/**
 * Trains a program. Calls nothing back but the hooks. What it opens is closed again, but for the
 * engine of the result.
 *
 * @throws RangeError if the task does not fit the program, or an option is out of range.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const opened: { session?: TrainingSession } = {};
  try {
    return await trainLessons(options, opened);
  } catch (error) {
    const engine = opened.session?.engine;
    if (engine !== options.engine) engine?.close();
    throw error;
  } finally {
    opened.session?.batches.close?.();
  }
}

/** @param opened is told the session that is open, whatever happens. */
async function trainLessons(
  options: TrainOptions,
  opened: { session?: TrainingSession },
): Promise<TrainResult> {
  const { loss, seeds, iterations, resume, hooks = {} } = options;
  if (!(Number.isSafeInteger(iterations) && iterations >= 1)) {
    throw new RangeError(`Expected at least 1 iteration, got ${iterations}`);
  }
  const batch = batchOf(options.engine.program);
  const logEvery = options.logEvery ?? Math.max(1, Math.round(iterations / 100));
  const checkpointEvery = options.checkpointEvery ?? 0;
  const tasks = replicaTasks(options.task, seeds.length);
  const [task] = tasks as readonly [Task];
  checkOutput(options.engine.program, task);
  const hasLevels = options.prepare !== undefined && task.levels !== undefined;
  // A goal is a curriculum of one level, which is the task itself.
  const ranges = tasks.flatMap(({ levels, goal }): LevelRange[] =>
    hasLevels ? [levels!] : goal ? [{ first: 1, last: 1, ...goal }] : []
  );
  const curriculum = ranges.length > 0
    ? createCurriculum(ranges, { resume: resume?.curriculum })
    : undefined;
  const open = async (engine: Engine, levels?: readonly number[]) => {
    opened.session?.batches.close?.();
    const session = await openTrainingSession({ ...options, tasks }, { engine, levels });
    if (!(session instanceof NoRoomError)) opened.session = session;
    return session;
  };
  restoreState(options.engine, seeds, resume);
  let message: string | undefined;
  let start = await open(options.engine, hasLevels ? curriculum?.state.level : undefined);
  if (hasLevels && curriculum && resume && start instanceof NoRoomError) {
    // Nothing more to train here, but what was trained can be judged.
    ({ message } = start);
    start = await open(options.engine, testedLevels(ranges, curriculum));
  }
  if (start instanceof NoRoomError) throw start;
  let session = start;

  let done = resume?.iteration ?? 0;
  let highLoss = resume?.highLossIntervals ?? 0;
  const earlier = resume?.seconds ?? 0;
  const started = performance.now();
  const seconds = () => earlier + (performance.now() - started) / 1000;
  let latest: Metrics = {};
  // A run killed between its early stop and the end of its work has nothing left to train.
  let endReason: EndReason = message !== undefined
    ? "no_room"
    : options.earlyStop && highLoss >= options.earlyStop.intervals
    ? "early_stopped"
    : "completed";
  let window = createSums(session.engine.program, "train", resume?.window);
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
  // Undefined if a number is not finite: such a state is never kept.
  const stateNow = async (): Promise<TrainState | undefined> => {
    const tensors = await session.engine.read(persistentSlots(session.engine));
    for (const values of tensors.values()) if (!values.every(Number.isFinite)) return undefined;
    return {
      iteration: done,
      seconds: seconds(),
      highLossIntervals: highLoss,
      // Copies: both go on changing.
      window: window.totals.slice(),
      ...curriculum ? { curriculum: structuredClone(curriculum.state) } : {},
      tensors,
    };
  };
  const checkpoint = async () => {
    const state = await stateNow();
    if (state) hooks.onCheckpoint?.(state);
    return state !== undefined;
  };
  const hasNext = () => !curriculum?.end(done);
  // A state that is not finite passes nothing, and the row that follows ends the run.
  const settle = async (curriculum: Curriculum, replicas: readonly number[]) => {
    const state = await stateNow();
    const rose: number[] = [];
    for (const replica of replicas) {
      const level = curriculum.state.level[replica]!;
      const passes = state !== undefined &&
        (await options.verify?.({ replica, level, state }) ?? true);
      curriculum.completeStreak(replica, { passes, iteration: done });
      if (passes) rose.push(replica);
    }
    return rose;
  };

  while (done < iterations && endReason === "completed" && hasNext()) {
    // A curriculum judges every update before the next one is drawn.
    const count = curriculum ? 1 : Math.min(session.chunkSizer.length(), nextStop() - done);
    const sums = await session.chunkSizer.time(() =>
      runChunk(session.engine, session.batches, {
        procedure: "train",
        split: "train",
        first: done,
        iterations: count,
      })
    );
    window.add(sums, count);
    done += count;
    const complete = curriculum?.recordScores(scoresOf(session.engine, { sums, loss, task })) ?? [];
    const rose = complete.length > 0 ? await settle(curriculum!, complete) : [];
    const stop = hooks.shouldStop?.();
    const atEnd = done === iterations || !hasNext();
    const atRow = done % logEvery === 0 || atEnd || rose.length > 0;
    if (!window.finite()) endReason = "diverged";
    if (atRow || endReason === "diverged") {
      latest = { ...latest, ...await measureRow(options, { task, window, session, curriculum }) };
      window = createSums(session.engine.program, "train");
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
    if (curriculum && rose.length > 0) {
      const state = await stateNow();
      if (!state) {
        endReason = "diverged";
        break;
      }
      for (const replica of rose) {
        hooks.onLevel?.({ replica, level: curriculum.state.passed[replica]!, state });
      }
    }
    const rises = hasLevels && rose.length > 0 && !atEnd && !stop;
    const next = rises ? curriculum?.state.level : undefined;
    // What is learned is safe before more memory is asked for.
    const moves = next && needsMove(session.engine, { tasks, levels: next });
    const due = checkpointEvery > 0 && done % checkpointEvery === 0;
    if ((stop || due || moves) && !atEnd) {
      endReason = await checkpoint() ? stop ?? endReason : "diverged";
    }
    if (next && endReason === "completed") {
      const opened = await open(session.engine, next);
      if (opened instanceof NoRoomError) [endReason, message] = ["no_room", opened.message];
      else session = opened;
    }
    // A curriculum's chunks are short: waiting after each would cost more than they do.
    if (session.due()) await serveSignals();
  }
  if (endReason === "completed" && curriculum?.end(done) === "unconverged") {
    endReason = "unconverged";
  }
  let testCounts: Metrics = {};
  const isWhole = ["completed", "early_stopped", "unconverged"].includes(endReason);
  if (isWhole && !await checkpoint()) endReason = "diverged";
  else if ((isWhole || endReason === "no_room") && options.testSequences) {
    const opened = hasLevels && curriculum
      ? await open(session.engine, testedLevels(ranges, curriculum))
      : session;
    if (opened instanceof NoRoomError) [endReason, message] = ["no_room", opened.message];
    else {
      session = opened;
      const found = await evaluate(session.engine, session, {
        split: "test",
        sequences: options.testSequences,
        shouldStop: hooks.shouldStop,
      });
      if ("reason" in found) endReason = found.reason;
      else {
        latest = { ...latest, ...ratios(found.sums, loss, "test") };
        testCounts = countsOf(found.sums, session.engine.program, "evaluate");
      }
    }
  }
  return {
    endReason,
    ...message === undefined ? {} : { message },
    iterations: done,
    sequences: done * batch,
    seconds: seconds(),
    metrics: latest,
    testCounts,
    engine: session.engine,
  };
}

/** The highest level that each replica has passed; the first one where it passed none. */
const testedLevels = (ranges: readonly LevelRange[], { state }: Curriculum): number[] =>
  ranges.map(({ first }, replica) => Math.max(first, state.passed[replica]!));

/** The score of one iteration, by replica. */
function scoresOf(
  { program }: Engine,
  { sums, loss, task }: { sums: Values; loss: Loss; task: Task },
): number[] {
  const update = createSums(program, "train");
  update.add(sums, 1);
  return ratioOf(update, loss, task.score);
}

/** @throws RangeError if a network's output is not what the task judges. */
function checkOutput({ output }: Program, { name, output: expected }: Task): void {
  if (!output || output.join() === expected.join()) return;
  throw new RangeError(
    `Task ${name} judges outputs of shape [${expected.join()}], the model's is [${output.join()}]`,
  );
}

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
