/** What a run has written, as a script reads it. */
import type { Values } from "../core/backends/backend.ts";
import type { DeviceChoice } from "../core/backends/device_choices.ts";
import type { ModelInstance } from "../core/program/model.ts";
import type { EndReason } from "../core/training/exit_codes.ts";
import type { Sequence, Task } from "../core/training/task.ts";
import type { Evaluation } from "../analysis/evaluate/evaluation.ts";
import type { FastWeightMode } from "../updaters/fast_weights.ts";
import type { Replica } from "../config/replicas.ts";
import type { CheckpointChoice } from "../store/judged_checkpoint.ts";
import type { OwnFigure } from "../report/own_figures.ts";
import type { Tensor } from "../store/files/tensor.ts";

/** Values of metrics by name, such as `eval/loss`: each [P], one number a replica. */
export type StoredMetrics = Readonly<Record<string, readonly number[]>>;

/** A line of `metrics.jsonl`. */
export interface StoredRow {
  /** Iterations done. */
  readonly iteration: number;
  /** Sequences seen by one replica. */
  readonly sequences: number;
  /** Training time so far, over all resumes, in seconds. */
  readonly seconds: number;
  /** The metrics that were measured, each [P]; NaN of a replica that has diverged. */
  readonly values: StoredMetrics;
}

/** All rows, column by column. */
export interface MetricColumns {
  /** [rows] */
  readonly iteration: readonly number[];
  /** [rows] */
  readonly sequences: readonly number[];
  /** [rows] */
  readonly seconds: readonly number[];
  /** By metric, [P][rows]; NaN where a row lacks it. */
  readonly values: Readonly<Record<string, readonly (readonly number[])[]>>;
}

/** `config.json`: names and settings, complete. */
export interface StoredSettings {
  /** The task, as `name` and settings. */
  readonly task: Readonly<Record<string, unknown>> & { readonly name: string };
  /** The model. */
  readonly model: Readonly<Record<string, unknown>> & { readonly name: string };
  /** The learning rule. */
  readonly updater: Readonly<Record<string, unknown>> & { readonly name: string };
  /** Seeds, sweep, iterations, ... */
  readonly training: Readonly<Record<string, unknown>>;
  /** Where it was trained. */
  readonly device: Readonly<Record<string, unknown>>;
}

/** `status.json`: how far a run is, or how it ended. */
export interface StoredStatus {
  /** The run's id. */
  readonly run: string;
  /** A killed run still says "running". */
  readonly state: "running" | "finished";
  /** Why it ended; null while it is running. */
  readonly endReason: EndReason | null;
  /** Why it ended, in a line. */
  readonly message?: string;
  /** Iterations done. */
  readonly iterations: number;
  /** Sequences seen by one replica. */
  readonly sequences: number;
  /** Training time, over all resumes, in seconds. */
  readonly seconds: number;
  /** The device that trains it. */
  readonly device: string;
  /** When the file was written, ISO 8601, UTC. */
  readonly updated: string;
  /** Newest value of each metric, [P]. */
  readonly metrics: StoredMetrics;
}

/** Tensors of a file of a run, by the name of the slot. */
export interface StoredTensors {
  /** Updates done. */
  readonly iteration: number;
  /** [P, B?, ...shape] of a checkpoint, [1, B?, ...shape] of the network of a level. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** A file of `checkpoints/`: all networks of the run, and the state of their optimizer. */
export interface StoredCheckpoint {
  /** Path of the file. */
  readonly path: string;
  /** Updates done. */
  readonly iteration: number;
  /** Reads and verifies the file. @throws DamagedFileError if it is not whole. */
  read(): StoredTensors;
}

/** A file of `levels/`: one network as it was when it passed a level. */
export interface StoredLevel {
  /** Path of the file. */
  readonly path: string;
  /** The level that it passed. */
  readonly level: number;
  /** Which network of the run. */
  readonly replica: Replica;
  /** Reads and verifies the file. @throws DamagedFileError if it is not whole. */
  read(): StoredTensors;
}

/** Which network of a run, and where it is to compute. */
export interface NetworkChoice {
  /** Number of the replica, from 0. Default: the first that has the seed. */
  readonly replica?: number;
  /** Seed of the replica. */
  readonly seed?: number;
  /** The network that passed this level; default: the highest one. */
  readonly level?: number | "newest";
  /** The checkpoint: `best`, `newest` or a number of iterations. Default: the best if the run keeps it. */
  readonly checkpoint?: CheckpointChoice;
  /** Default: a hardware GPU if there is one, else the CPU. */
  readonly device?: DeviceChoice;
  /** Lets `gpu` use an adapter that computes on the CPU. */
  readonly allowSoftwareAdapter?: boolean;
  /** Most threads of device `cpu`. Default: one a core. */
  readonly threads?: number;
}

/** What `StoredRun.evaluate` judges, as the options of the command `evaluate`. */
export interface EvaluationChoice extends
  Pick<
    NetworkChoice,
    "seed" | "replica" | "checkpoint" | "device" | "allowSoftwareAdapter" | "threads"
  > {
  /** Sequences for each replica, of a task without movies. Default: 1000. */
  readonly sequences?: number;
  /**
   * Judges again, on the same sequences, with fast weights treated in these ways, such as `["on", "off"]`;
   * differences are those of the first to each of the others.
   */
  readonly fastWeights?: readonly FastWeightMode[];
  /** Networks of these levels, of a task with movies; default: every level passed. */
  readonly levels?: readonly number[] | "newest";
  /** R of the movies; default: the level of each network. */
  readonly intervals?: readonly number[];
  /** Scenes in a movie. Default: 10 000. */
  readonly scenes?: number;
  /** Judges the network of the highest level at these R too; true: at 1 to twice its level. */
  readonly curve?: boolean | readonly number[];
  /** Scenes in each movie of the curve. Default: 2000. */
  readonly curveScenes?: number;
  /** Writes `evaluation.json` and `evaluation.html` into the folder. Default: false. */
  readonly write?: boolean;
}

/** Values at every step of a sequence. */
export interface Series {
  /** Shape of the value at a step. */
  readonly shape: readonly number[];
  /** [T, ...shape] */
  readonly values: Values;
}

/** What happened in a network while it ran over a sequence. */
export interface Activity {
  /** T, steps of the sequence. */
  readonly steps: number;
  /** The output after each step. */
  readonly output: Series;
  /** States after each step, by name; fast weights among them. */
  readonly states: Readonly<Record<string, Series>>;
  /** What the model names as observed, by name. */
  readonly observed: Readonly<Record<string, Series>>;
}

/** A parameter of a stored network. */
export interface Weights {
  /** Shape of the parameter. */
  readonly shape: readonly number[];
  /** [...shape] */
  readonly values: Values;
}

/**
 * A trained network of a run, ready to run. Close it: `using` does.
 *
 * @example
 * using network = await run.network({ replica: 0, device: "cpu" });
 * const [activity] = await network.run(network.heldOut(1));
 */
export interface Network {
  /** Which network of the run. */
  readonly replica: Replica;
  /** Updates done. */
  readonly iteration: number;
  /** The level that it passed or is trained at, of a task with levels. */
  readonly level?: number;
  /** Its model, in the sizes of the run. */
  readonly model: ModelInstance;
  /** The task that it is trained on, at its level. */
  readonly task: Task;
  /** Its parameters and constants, by name; of weights with a running average, the average. */
  readonly weights: ReadonlyMap<string, Weights>;
  /**
   * Sequences of its task that no training and no evaluation has drawn. Of a data set (`Task.heldOut`): the first rows
   * of its test, which `evaluate` judges too, and no more than there are.
   */
  heldOut(count: number): Sequence[];
  /**
   * Runs it over sequences, one after another, each from the first state. Weights do not change.
   *
   * @param sequences inputs by name, T steps of any number each; targets may be missing.
   * @throws RangeError if an input is missing, or has another number of steps than the others.
   */
  run(sequences: readonly Sequence[]): Promise<Activity[]>;
  /** Frees the device. */
  close(): void;
  /** The same as `close`, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * The files of a run. The run may still be training: what is read is what is there at that moment. A notebook shows
 * it as a table where it is the last value of a cell.
 *
 * @example
 * const run = await openRun("runs/mine");
 * for (const { iteration, values } of run.metrics()) console.log(iteration, values["eval/loss"]);
 */
export interface StoredRun {
  /** Path of the folder. */
  readonly folder: string;
  /** Names and settings. */
  readonly config: StoredSettings;
  /** [P], the networks of the run: their seeds, and their values of swept settings. */
  readonly replicas: readonly Replica[];
  /** Versions, device and command of the newest start, `earlier` lists those before; undefined before it began. */
  environment(): Readonly<Record<string, unknown>> | undefined;
  /** How far it is; undefined before it began. @throws DamagedFileError */
  status(): StoredStatus | undefined;
  /** The rows of metrics one by one, since a long run has more than memory holds. @throws DamagedFileError */
  metrics(): Generator<StoredRow>;
  /** All rows as columns, for figures. @throws DamagedFileError */
  metricColumns(): MetricColumns;
  /** The curves of its report as data of Plotly; a notebook draws one that is the last value of a cell. */
  figures(): Promise<readonly OwnFigure[]>;
  /** The checkpoints, newest first. */
  checkpoints(): readonly StoredCheckpoint[];
  /** The networks that passed a level, lowest level first. */
  levels(): readonly StoredLevel[];
  /**
   * A trained network, ready to run.
   *
   * @throws UsageError if there is none yet, or its model is code of one's own that `openRun` was not given.
   */
  network(choice?: NetworkChoice): Promise<Network>;
  /**
   * Judges networks on sequences never trained on, as the command `evaluate` does.
   *
   * @throws UsageError as `network`, or if an option does not suit the task.
   */
  evaluate(choice?: EvaluationChoice): Promise<Evaluation>;
}
