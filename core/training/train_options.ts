/** What a training takes, tells and gives back. */
import type { Engine, Values } from "../backends/backend.ts";
import type { Loss } from "../losses/loss.ts";
import type { Task } from "./task.ts";
import type { OpenBatches } from "./batches.ts";
import type { CurriculumState } from "./curriculum.ts";
import type { EndReason } from "./exit_codes.ts";
import type { Metrics } from "./sums.ts";

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
  /** Of a task with levels. */
  readonly curriculum?: CurriculumState;
  readonly tensors: ReadonlyMap<string, Values>;
}

export interface TrainOptions {
  /** Stays open, unless a longer level of the task takes its place: see `TrainResult.engine`. */
  readonly engine: Engine;
  /** One for all replicas, or one a replica, which may draw other sequences and ask for other goals. */
  readonly task: Task | readonly Task[];
  readonly loss: Loss;
  /** P seeds, one a replica. */
  readonly seeds: readonly number[];
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
  /** Held-out sequences judged with every row; 0: none. */
  readonly evaluationSequences?: number;
  /** Held-out sequences, of another split, judged at the end; 0: none. */
  readonly testSequences?: number;
  /** Iterations between checkpoints; 0: only at the end. */
  readonly checkpointEvery?: number;
  readonly earlyStop?: EarlyStop;
  readonly resume?: TrainState;
  readonly hooks?: TrainHooks;
}

/** Training stops after `intervals` rows in a row whose training loss is above `loss`. */
export interface EarlyStop {
  readonly loss: number;
  readonly intervals: number;
}

/** Why somebody asks to stop: a person does not want to wait, or a scheduler needs the machine. */
export type StopReason = "interrupted" | "preempted";

/** A replica has passed a level. */
export interface PassedLevel {
  readonly replica: number;
  readonly level: number;
  readonly state: TrainState;
}

export interface TrainHooks {
  onRow?(row: TrainRow): void;
  onProgress?(row: TrainRow): void;
  onCheckpoint?(state: TrainState): void;
  onLevel?(passed: PassedLevel): void;
  /** Asked between chunks; a reason ends the run after a checkpoint. */
  shouldStop?(): StopReason | undefined;
}

export interface TrainResult {
  readonly endReason: EndReason;
  /** One line on what there was no room for. */
  readonly message?: string;
  readonly iterations: number;
  /** Sequences seen by one replica. */
  readonly sequences: number;
  readonly seconds: number;
  /** Those of the last row, and those on the test sequences when the run came to its end. */
  readonly metrics: Metrics;
  /** What the metrics on the test sequences are ratios of, e.g. how many recalls; empty without. */
  readonly testCounts: Metrics;
  /** The engine that holds the trained network, open. */
  readonly engine: Engine;
}
