/** The state of a training: what was asked for, and how far it is. */
import { metricFacts } from "../losses/metric_facts.ts";
import type { Estimates } from "./sequence_counts.ts";
import type { Engine, Values } from "../backends/backend.ts";
import { initialValues } from "../backends/initial_values.ts";
import type { Program } from "../program/program.ts";
import { batchOf } from "./batches.ts";
import { createCurriculum, type Curriculum, type LevelRange } from "./curriculum.ts";
import { type Divergence, sliceOf } from "./divergence.ts";
import type { TrainingFacts } from "./end_of_training.ts";
import { type BestNetworks, noStanding, type Standing } from "./followed_metric.ts";
import { NoRoomError } from "./no_room_error.ts";
import { replicaTasks } from "./replica_tasks.ts";
import { createSums, type Metrics, type Sums } from "./sums.ts";
import type { Task } from "./task.ts";
import type { StopReason, TrainOptions, TrainRow } from "./train_options.ts";
import { openTrainingSession, persistentSlots, type TrainingSession } from "./training_session.ts";

/** A chunk that a device works at, or has done. */
export interface BegunChunk {
  readonly first: number;
  readonly iterations: number;
  /** Its metrics, [K, P, M]. */
  readonly rows: Promise<Values>;
}

/** A training that is running. Only the steps of the loop in `train.ts` change the fields that are not readonly. */
export interface TrainingRun extends TrainingFacts {
  readonly options: TrainOptions;
  /** [P]. */
  readonly tasks: readonly Task[];
  /** The task of the first replica, for what all of them have in common. */
  readonly task: Task;
  /** B, sequences per iteration. */
  readonly batch: number;
  /** Whether training goes on from level to level; else the first level is all. */
  readonly hasLevels: boolean;
  /** [P]; empty without a curriculum. */
  readonly ranges: readonly LevelRange[];
  /** Iterations between rows. */
  readonly logEvery: number;
  /** Iterations between checkpoints; 0: none but at the end. */
  readonly checkpointEvery: number;
  /** When training began or was resumed: `performance.now()`, in milliseconds. */
  readonly started: number;
  /** Whether a checkpoint was written since then. */
  hasCheckpoint: boolean;
  session: TrainingSession;
  iteration: number;
  highLossIntervals: number;
  /** How each replica stands in the metric of `Patience`. */
  patience: Standing;
  /** The best networks; undefined if none are kept. */
  best: BestNetworks | undefined;
  /** Sums of the training metrics since the last row. */
  window: Sums;
  /** What was measured of a row before a stop: the row is written when the run goes on. */
  owedRow: Metrics | undefined;
  /** The latest value of each metric. */
  metrics: Metrics;
  testCounts: Metrics;
  testEstimates: Estimates;
  /** The replicas that have diverged, by their place, with their last finite tensors [B?, ...shape]. */
  readonly frozen: Map<number, Divergence & { readonly tensors: ReadonlyMap<string, Values> }>;
  /** The last state that was read and found finite, [P, B?, ...shape]; undefined: the first one. */
  good: { readonly iteration: number; readonly tensors: ReadonlyMap<string, Values> } | undefined;
  /** The chunk after the one that is looked at, if it has been begun. */
  ahead: BegunChunk | undefined;
  /** Somebody has asked to stop while a chunk is at work. */
  isAskedToStop: boolean;
  isBroken: boolean;
  stopped: StopReason | undefined;
  noRoom: string | undefined;
}

/**
 * Begins or resumes a training: writes first values, or those of a checkpoint, and opens a session.
 *
 * @throws RangeError if the task does not fit the program, or an option is out of range.
 * @throws NoRoomError if there is no room for the level in training, nor for those that were passed.
 */
export async function openTrainingRun(options: TrainOptions): Promise<TrainingRun> {
  const { engine, seeds, iterations, resume } = options;
  if (!(Number.isSafeInteger(iterations) && iterations >= 1)) {
    throw new RangeError(`Expected at least 1 iteration, got ${iterations}`);
  }
  const tasks = replicaTasks(options.task, seeds.length);
  const [task] = tasks as readonly [Task];
  checkOutput(engine.program, task);
  const hasLevels = options.prepare !== undefined && task.levels !== undefined;
  const ranges = levelRanges(tasks, hasLevels);
  const curriculum = ranges.length > 0
    ? createCurriculum(ranges, { resume: resume?.curriculum })
    : undefined;
  const frozen = frozenBefore(options);
  for (const replica of frozen.keys()) curriculum?.leave(replica);
  for (const [name, values] of firstTensors(engine, options)) engine.write(name, values);
  const window = createSums(engine.program, "train", resume?.window);
  const batch = batchOf(engine.program);
  const levels = hasLevels ? curriculum?.state.level : undefined;
  let session = await openTrainingSession({ ...options, tasks }, { engine, levels });
  let noRoom: string | undefined;
  if (session instanceof NoRoomError && hasLevels && curriculum && resume) {
    // There is no room to train on, but maybe room to test what was trained.
    noRoom = session.message;
    const tested = testedLevels({ ranges, curriculum });
    session = await openTrainingSession({ ...options, tasks }, { engine, levels: tested });
  }
  if (session instanceof NoRoomError) throw session;
  return {
    options,
    tasks,
    task,
    batch,
    hasLevels,
    ranges,
    curriculum,
    logEvery: options.logEvery ?? Math.max(1, Math.round(iterations / 100)),
    checkpointEvery: options.checkpointEvery ?? 0,
    started: performance.now(),
    hasCheckpoint: false,
    session,
    iteration: resume?.iteration ?? 0,
    highLossIntervals: resume?.highLossIntervals ?? 0,
    patience: structuredClone(resume?.patience) ?? noStanding(seeds.length),
    best: options.keepBest && (options.best ?? noBest(seeds.length)),
    window,
    owedRow: resume?.owedRow,
    metrics: {},
    testCounts: {},
    testEstimates: {},
    frozen,
    good: undefined,
    ahead: undefined,
    isAskedToStop: false,
    isBroken: frozen.size === seeds.length,
    stopped: undefined,
    noRoom,
  };
}

const noBest = (replicas: number): BestNetworks => ({
  standing: noStanding(replicas),
  tensors: new Map(),
});

/** The levels of each replica. A task with a goal is a curriculum of one level. */
const levelRanges = (tasks: readonly Task[], hasLevels: boolean): LevelRange[] =>
  tasks.flatMap(({ levels, goal, loss, score }): LevelRange[] => {
    const { better } = metricFacts(loss, score);
    if (hasLevels) return [{ ...levels!, better }];
    return goal ? [{ first: 1, last: 1, ...goal, better }] : [];
  });

/** Moves a run to these levels, [P]. If there is no room, the session stays and `noRoom` says why. */
export async function openLevels(run: TrainingRun, levels: readonly number[]): Promise<void> {
  const { options, tasks, session: { engine, batches } } = run;
  batches.close?.();
  const session = await openTrainingSession({ ...options, tasks }, { engine, levels });
  if (session instanceof NoRoomError) run.noRoom = session.message;
  else run.session = session;
}

/** The level that each replica is tested on, [P]: the highest it has passed, or the first. */
export const testedLevels = (
  { ranges, curriculum }: { ranges: readonly LevelRange[]; curriculum: Curriculum },
): number[] =>
  ranges.map(({ first }, replica) => Math.max(first, curriculum.state.passed[replica]!));

/** Seconds since training began or was resumed. */
const elapsed = ({ started }: TrainingRun): number => (performance.now() - started) / 1000;

/** Training time over all resumes, in seconds. */
export const secondsOf = (run: TrainingRun): number =>
  (run.options.resume?.seconds ?? 0) + elapsed(run);

/** Whether the first checkpoint is due before its iteration. */
export function isEarlyCheckpointDue(run: TrainingRun): boolean {
  const { checkpointEvery, hasCheckpoint, options: { earlyCheckpoint } } = run;
  return checkpointEvery > 0 && !hasCheckpoint && earlyCheckpoint !== undefined &&
    elapsed(run) >= earlyCheckpoint;
}

/** Whether a checkpoint is due: every so many iterations, and the first one early. */
export const isCheckpointDue = (run: TrainingRun): boolean =>
  isEarlyCheckpointDue(run) ||
  run.checkpointEvery > 0 && run.iteration % run.checkpointEvery === 0;

export const rowOf = (run: TrainingRun): TrainRow => ({
  iteration: run.iteration,
  sequences: run.iteration * run.batch,
  seconds: secondsOf(run),
  values: run.metrics,
});

/** Checks that the network's output has the shape that the task judges. @throws RangeError if not. */
function checkOutput({ output }: Program, { name, output: expected }: Task): void {
  if (!output || output.join() === expected.join()) return;
  throw new RangeError(
    `Task ${name} judges outputs of shape [${expected.join()}], the model's is [${output.join()}]`,
  );
}

/** What training starts from, by slot: first values, or those of a checkpoint. */
export function firstTensors(
  engine: Engine,
  { seeds, resume }: Pick<TrainOptions, "seeds" | "resume">,
): Map<string, Values> {
  const tensors = new Map<string, Values>();
  for (const name of persistentSlots(engine)) {
    const saved = resume?.tensors.get(name);
    if (resume && !saved) throw new RangeError(`The checkpoint has no tensor "${name}"`);
    tensors.set(name, saved ?? initialValues(engine.program, name, seeds));
  }
  return tensors;
}

/** The replicas that had diverged before a checkpoint, with the numbers that it keeps of them. */
function frozenBefore({ resume, seeds }: TrainOptions): TrainingRun["frozen"] {
  return new Map((resume?.divergences ?? []).map((divergence) => {
    const { replica } = divergence;
    const kept = [...resume!.tensors].map(([name, values]) =>
      [name, sliceOf(values, { replica, replicas: seeds.length }).slice()] as const
    );
    return [replica, { ...divergence, tensors: new Map(kept) }];
  }));
}
