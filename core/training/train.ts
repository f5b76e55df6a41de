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
import { createCurriculum, type Curriculum, type Ladder } from "./curriculum.ts";
import type { EndReason } from "./exit_codes.ts";
import { type Lesson, needsMove, openLesson, persistentSlots } from "./lesson.ts";
import { isBroken, measureRow } from "./measure_row.ts";
import { NoRoomError } from "./no_room_error.ts";
import { serveSignals } from "./pace.ts";
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
  const opened: { lesson?: Lesson } = {};
  try {
    return await trainLessons(options, opened);
  } catch (error) {
    const engine = opened.lesson?.engine;
    if (engine !== options.engine) engine?.close();
    throw error;
  } finally {
    opened.lesson?.batches.close?.();
  }
}

/** @param opened is told the lesson that is open, whatever happens. */
async function trainLessons(
  options: TrainOptions,
  opened: { lesson?: Lesson },
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
  const ladders = tasks.flatMap(({ levels, goal }): Ladder[] =>
    hasLevels ? [levels!] : goal ? [{ first: 1, last: 1, ...goal }] : []
  );
  const curriculum = ladders.length > 0
    ? createCurriculum(ladders, { resume: resume?.curriculum })
    : undefined;
  const open = async (engine: Engine, levels?: readonly number[]) => {
    opened.lesson?.batches.close?.();
    const lesson = await openLesson({ ...options, tasks }, { engine, levels });
    if (!(lesson instanceof NoRoomError)) opened.lesson = lesson;
    return lesson;
  };
  restoreState(options.engine, seeds, resume);
  let message: string | undefined;
  let start = await open(options.engine, hasLevels ? curriculum?.state.level : undefined);
  if (hasLevels && curriculum && resume && start instanceof NoRoomError) {
    // Nothing more to train here, but what was trained can be judged.
    ({ message } = start);
    start = await open(options.engine, testedLevels(ladders, curriculum));
  }
  if (start instanceof NoRoomError) throw start;
  let lesson = start;

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
  let window = createSums(lesson.engine.program, "train", resume?.window);
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
    const tensors = await lesson.engine.read(persistentSlots(lesson.engine));
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
      curriculum.settle(replica, { passes, iteration: done });
      if (passes) rose.push(replica);
    }
    return rose;
  };

  while (done < iterations && endReason === "completed" && hasNext()) {
    // A curriculum judges every update before the next one is drawn.
    const count = curriculum ? 1 : Math.min(lesson.pace.length(), nextStop() - done);
    const sums = await lesson.pace.time(() =>
      runChunk(lesson.engine, lesson.batches, {
        procedure: "train",
        split: "train",
        first: done,
        iterations: count,
      })
    );
    window.add(sums, count);
    done += count;
    const complete = curriculum?.look(scoresOf(lesson.engine, { sums, loss, task })) ?? [];
    const rose = complete.length > 0 ? await settle(curriculum!, complete) : [];
    const stop = hooks.shouldStop?.();
    const atEnd = done === iterations || !hasNext();
    const atRow = done % logEvery === 0 || atEnd || rose.length > 0;
    if (!window.finite()) endReason = "diverged";
    if (atRow || endReason === "diverged") {
      latest = { ...latest, ...await measureRow(options, { task, window, lesson, curriculum }) };
      window = createSums(lesson.engine.program, "train");
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
    const moves = next && needsMove(lesson.engine, { tasks, levels: next });
    const due = checkpointEvery > 0 && done % checkpointEvery === 0;
    if ((stop || due || moves) && !atEnd) {
      endReason = await checkpoint() ? stop ?? endReason : "diverged";
    }
    if (next && endReason === "completed") {
      const opened = await open(lesson.engine, next);
      if (opened instanceof NoRoomError) [endReason, message] = ["no_room", opened.message];
      else lesson = opened;
    }
    // A curriculum's chunks are short: waiting after each would cost more than they do.
    if (lesson.due()) await serveSignals();
  }
  if (endReason === "completed" && curriculum?.end(done) === "unconverged") {
    endReason = "unconverged";
  }
  let testCounts: Metrics = {};
  const isWhole = ["completed", "early_stopped", "unconverged"].includes(endReason);
  if (isWhole && !await checkpoint()) endReason = "diverged";
  else if ((isWhole || endReason === "no_room") && options.testSequences) {
    const opened = hasLevels && curriculum
      ? await open(lesson.engine, testedLevels(ladders, curriculum))
      : lesson;
    if (opened instanceof NoRoomError) [endReason, message] = ["no_room", opened.message];
    else {
      lesson = opened;
      const found = await evaluate(lesson.engine, lesson, {
        split: "test",
        sequences: options.testSequences,
        shouldStop: hooks.shouldStop,
      });
      if ("reason" in found) endReason = found.reason;
      else {
        latest = { ...latest, ...ratios(found.sums, loss, "test") };
        testCounts = countsOf(found.sums, lesson.engine.program, "evaluate");
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
    engine: lesson.engine,
  };
}

/** The highest level that each replica has passed; the first one where it passed none. */
const testedLevels = (ladders: readonly Ladder[], { state }: Curriculum): number[] =>
  ladders.map(({ first }, replica) => Math.max(first, state.passed[replica]!));

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
