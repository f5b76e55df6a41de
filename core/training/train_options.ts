/** What a training takes, tells and gives back. */
import type { Estimates } from "./sequence_counts.ts";
import type { Engine, Values } from "../backends/backend.ts";
import type { Loss } from "../losses/loss.ts";
import type { Task } from "./task.ts";
import type { OpenBatches } from "./batches.ts";
import type { CurriculumState } from "./curriculum.ts";
import type { Divergence } from "./divergence.ts";
import type { BestNetworks, FollowedMetric, Standing } from "./followed_metric.ts";
import type { EndReason } from "./exit_codes.ts";
import type { Metrics } from "./sums.ts";

/** What is known of a training at one moment: the newest metrics. */
export interface TrainRow {
  /** Iterations done. */
  readonly iteration: number;
  /** Sequences seen by one replica. */
  readonly sequences: number;
  /** Training time so far, over all resumes, in seconds. */
  readonly seconds: number;
  /** The newest value of each metric, by names such as `train/loss`, `eval/loss`, `plastic/norm`. */
  readonly values: Metrics;
}

/** Everything that a resumed run needs. */
export interface TrainState {
  /** Iterations done. */
  readonly iteration: number;
  /** Training time so far, over all resumes, in seconds. */
  readonly seconds: number;
  /** Intervals in a row whose loss was above the limit. */
  readonly highLossIntervals: number;
  /** How each replica stands in the metric of `Patience`. */
  readonly patience?: Standing;
  /** Sums of the training metrics since the last row. */
  readonly window: Float64Array;
  /** Of a training that stopped while it measured a row: the metrics but those of held-out sequences. */
  readonly owedRow?: Metrics;
  /** Where each replica stands, of a task with levels or a goal. */
  readonly curriculum?: CurriculumState;
  /** The replicas that had diverged; the tensors hold their last finite numbers. */
  readonly divergences?: readonly Divergence[];
  /** Every parameter, constant and optimizer slot, [P, B?, ...shape], by name. */
  readonly tensors: ReadonlyMap<string, Values>;
}

/**
 * What `train` trains, for how long, and whom it tells.
 *
 * @example
 * const options: TrainOptions = { engine, task, loss: task.loss, seeds: [1, 2], iterations: 500,
 *   hooks: { onRow: ({ iteration, values }) => console.log(iteration, values["train/loss"]) } };
 */
export interface TrainOptions {
  /** Stays open, unless a longer level of the task takes its place: see `TrainResult.engine`. */
  readonly engine: Engine;
  /** One for all replicas, or one a replica, which may draw other sequences and ask for other goals. */
  readonly task: Task | readonly Task[];
  /** How outputs are judged: the loss that the program was built with. */
  readonly loss: Loss;
  /** P seeds, one a replica. */
  readonly seeds: readonly number[];
  /** Batches to train on, those before a resume included. */
  readonly iterations: number;
  /**
   * Makes an engine for sequences of another length, for a task whose levels differ in it; without
   * this, a task with levels is trained on its first one alone. A `NoRoomError` of it ends the run.
   */
  readonly prepare?: (steps: number) => Promise<Engine>;
  /** Asked when a replica's streak is complete; false: it has to begin its streak again. */
  readonly verify?: (candidate: PassedLevel) => Promise<boolean>;
  /** Draws sequences; default: when they are needed. */
  readonly openBatches?: OpenBatches;
  /** Iterations between rows of metrics; default: a hundredth of all. */
  readonly logEvery?: number;
  /** Held-out sequences judged with every row, at most `Task.heldOut`; 0, the default: none. */
  readonly evaluationSequences?: number;
  /** Held-out sequences, of another split, judged at the end, at most `Task.heldOut`; 0, the default: none. */
  readonly testSequences?: number;
  /** Iterations between checkpoints; 0, the default: only at the end. */
  readonly checkpointEvery?: number;
  /**
   * Seconds after which the first checkpoint is written, however far the next one is, so that a long run that is killed
   * soon loses little; default: none is written early. What is trained stays the same.
   */
  readonly earlyCheckpoint?: number;
  /** Ends a training that does not learn; default: never. */
  readonly earlyStop?: EarlyStop;
  /** Ends a training in which no network gets better any more; default: never. */
  readonly patience?: Patience;
  /** Keeps the best network of each replica by this metric, and tests these at the end; default: the last ones. */
  readonly keepBest?: FollowedMetric;
  /** The checkpoint to go on from; default: the first values that the seeds draw. */
  readonly resume?: TrainState;
  /** The best networks before a resume. */
  readonly best?: BestNetworks;
  /** What is called back. */
  readonly hooks?: TrainHooks;
}

/** Training stops after `intervals` rows in a row whose training loss is above `loss`. */
export interface EarlyStop {
  /** In the unit of the loss, mean over the replicas. */
  readonly loss: number;
  /** Rows in a row, at least 1. */
  readonly intervals: number;
}

/** Training stops when for so many rows no replica has got better than ever. */
export interface Patience {
  /** What is followed. */
  readonly metric: FollowedMetric;
  /** Rows in a row, at least 1. */
  readonly rows: number;
  /** What a value has to be better by to count. */
  readonly least: number;
}

/** Why somebody asks to stop: a person does not want to wait, or a scheduler needs the machine. */
export type StopReason = "interrupted" | "preempted";

/** Every such reason; threads tell each other the index. */
export const stopReasons: readonly StopReason[] = ["interrupted", "preempted"];

/** A replica has passed a level. */
export interface PassedLevel {
  /** Its place on the axis P. */
  readonly replica: number;
  /** The level that it passed. */
  readonly level: number;
  /** The state of all replicas at that moment. */
  readonly state: TrainState;
}

/** What a training calls back; all of it is optional. */
export interface TrainHooks {
  /** A row of metrics has been measured: every `logEvery` iterations, and at the end. */
  onRow?(row: TrainRow): void;
  /** A chunk of iterations is done; the metrics are those of the last row. */
  onProgress?(row: TrainRow): void;
  /** A checkpoint is due. */
  onCheckpoint?(state: TrainState): void;
  /** Networks are better than ever: all best ones so far, and the state of this moment. */
  onBest?(best: BestNetworks, state: TrainState): void;
  /** A replica has passed a level. */
  onLevel?(passed: PassedLevel): void;
  /** A replica has diverged: it is frozen, the others go on. */
  onDiverged?(divergence: Divergence): void;
  /** Asked after each answer of the device; a reason ends the run after a checkpoint. */
  shouldStop?(): StopReason | undefined;
}

/** How a training ended, and what it left. */
export interface TrainResult {
  /** Why it ended. */
  readonly endReason: EndReason;
  /** One line on what there was no room for. */
  readonly message?: string;
  /** Iterations done. */
  readonly iterations: number;
  /** Sequences seen by one replica. */
  readonly sequences: number;
  /** Training time over all resumes, in seconds. */
  readonly seconds: number;
  /** Those of the last row, and those on the test sequences when the run came to its end. */
  readonly metrics: Metrics;
  /** What the metrics on the test sequences are ratios of, e.g. how many recalls; empty without. */
  readonly testCounts: Metrics;
  /** The metrics on the test sequences with their intervals, by replica; empty without. */
  readonly testEstimates: Estimates;
  /** How the networks stand that were kept as the best; the tested ones. */
  readonly best?: Standing;
  /** The replicas that diverged, by their place. If all did, that is the end reason. */
  readonly divergences: readonly Divergence[];
  /** The engine that holds the trained network, open: of a run that came to its end the best one, if it was kept. */
  readonly engine: Engine;
}
