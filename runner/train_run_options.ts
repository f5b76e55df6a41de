/** What a script says of a run. */
import type { DataPath } from "../data/data_file.ts";
import type { CheckpointChoice } from "../store/judged_checkpoint.ts";
import type { DeviceChoice } from "../core/backends/device_choices.ts";
import type { Model } from "../core/program/model.ts";
import type { Program } from "../core/program/program.ts";
import type { LoweringChoice } from "../core/schedule/lowering.ts";
import type { Task } from "../core/training/task.ts";
import type { TrainRow } from "../core/training/train_options.ts";
import type { Models } from "../models/mod.ts";
import type { OwnFigure } from "../report/own_figures.ts";
import type { ProgressMode } from "../store/progress/progress.ts";
import type { TaskEntry } from "../tasks/entry.ts";
import type { Tasks } from "../tasks/mod.ts";
import type { Updaters } from "../updaters/mod.ts";
import type { Learning, Updater } from "../updaters/updater.ts";
import type { StoredRun } from "./stored_run.ts";

/** Settings by key, as plain data. */
export type Settings = Readonly<Record<string, unknown>>;

/** The settings C if their type is known, else any. */
export type KnownSettings<C> = unknown extends C ? Settings : NonNullable<C>;

/** The path of a file of one's own. */
export type EntryFile = `${string}.ts` | `${string}.js`;

/** A model by its name in the table, a file of one's own, or what `defineModel` returned. */
export type ModelChoice = keyof Models | EntryFile | URL | Model;

/** An updater by its name in the table, a file of one's own, or what `defineUpdater` returned. */
export type UpdaterChoice = keyof Updaters | EntryFile | URL | Updater;

/** A task by a name of the table (`2_palindrome_vary`), a file of one's own, or what `defineTask` returned. */
export type TaskChoice = string | URL | TaskEntry;

/** The settings that an entry takes; of a file they are checked when it is known. */
export type EntrySettings<Entry> = Entry extends keyof Models ? EntrySettings<Models[Entry]>
  : Entry extends keyof Updaters ? EntrySettings<Updaters[Entry]>
  : Entry extends keyof Tasks ? EntrySettings<Tasks[Entry]>
  : Entry extends { instantiate(config?: infer C): unknown } ? KnownSettings<C>
  : Entry extends { build(learning: Learning, config?: infer C): Program } ? KnownSettings<C>
  : Entry extends { build(config?: infer C): Task } ? KnownSettings<C>
  : Settings;

/** How long and on what to train: section `training` of a config. */
export interface TrainingSettings {
  /** Seeds; each trains a network of its own, side by side. Default: [1]. */
  readonly seeds?: readonly number[];
  /**
   * Values of settings by path, such as `"task.memories": [5, 10]`; all combinations are trained. Paths with commas
   * between are swept together: `"updater.learning_rate,updater.l2": [[0.01, 0], [0.1, 0.001]]` are two points.
   */
  readonly sweep?: Readonly<Record<string, readonly unknown[]>>;
  /** B, sequences in a batch. Default: as the task says, or 1. */
  readonly batch_size?: number;
  /** Batches to train on. Default: 2500. */
  readonly iterations?: number;
  /** Iterations between rows of metrics. Default: a 25th of all. */
  readonly log_every?: number;
  /** Held-out sequences judged with every row; 0: none. Default: 100. */
  readonly evaluation_sequences?: number;
  /** Fresh sequences judged at the end; 0: none. Default: 1000. */
  readonly test_sequences?: number;
  /** Iterations between checkpoints; 0: only at the end. Default: a tenth of all. */
  readonly checkpoint_every?: number;
  /** Stop when the training loss stays above this; 0: never. Default: 0. */
  readonly early_stop_loss?: number;
  /** Rows in a row that make an early stop. Default: 10. */
  readonly early_stop_intervals?: number;
  /** Stop when no network has got better in this metric of the rows, such as `eval/loss`. Default: never. */
  readonly early_stop_metric?: string;
  /** Rows in a row without a better network that make such a stop. Default: 10. */
  readonly early_stop_patience?: number;
  /** What a network has to be better by to count as better. Default: 0. */
  readonly early_stop_min_delta?: number;
  /** Keep the best network of each replica by this metric of the rows, and test it. Default: the last one. */
  readonly keep_best?: string;
  /** Loss above which a network of a sweep counts as exploded; 0: twice that of a uniform guess. Default: 0. */
  readonly exploded_loss?: number;
}

/** Where to train: section `device` of a config. */
export interface DeviceSettings {
  /** Default: `auto`. */
  readonly name?: DeviceChoice;
  /** Lets `gpu` use an adapter that computes on the CPU. */
  readonly allow_software_adapter?: boolean;
  /** One kernel for all steps, or one for each phase of a step; joined: fewer, over single sequences. Default: `auto`. */
  readonly lowering?: LoweringChoice;
  /** Most threads of device `cpu`. Default: one a core. */
  readonly threads?: number;
}

/** A task, model and updater: names of the tables, files of one's own, or what `define...` returned. */
export interface RunEntries<M = ModelChoice, T = TaskChoice, U = UpdaterChoice> {
  /** Default: that of the preset, as for the command. */
  readonly model?: M;
  /** Default: that of the preset. */
  readonly task?: T;
  /** Default: `bptt` for a model of one's own, else that of the preset. */
  readonly updater?: U;
}

/**
 * What `trainRun` trains, where, and whom it tells.
 *
 * @example
 * const options: TrainRunOptions = { model: "plastic_rnn", settings: { model: { neurons: 16 } },
 *   training: { seeds: [1, 2], iterations: 500 }, out: "runs/mine" };
 */
export interface TrainRunOptions<M = ModelChoice, T = TaskChoice, U = UpdaterChoice>
  extends RunEntries<M, T, U> {
  /** Settings of the model, the task and the updater; what is missing takes its default. */
  readonly settings?: {
    /** Without the sizes that the task gives. */
    readonly model?: EntrySettings<M>;
    /** Of the task. */
    readonly task?: EntrySettings<T>;
    /** Of the learning rule. */
    readonly updater?: EntrySettings<U>;
  };
  /** How long to train, on how many networks. */
  readonly training?: TrainingSettings;
  /** Where to train. Default: a hardware GPU if there is one, else the CPU. */
  readonly device?: DeviceChoice | DeviceSettings;
  /** Settings to start from, by the name of a preset. */
  readonly preset?: string;
  /** Folder of the run, new or empty. Default: a new one in `runs/default`. */
  readonly out?: string;
  /** Goes on with the run in this folder; true: in `out`, or without it the newest run of `runs/default`. */
  readonly resume?: string | boolean;
  /**
   * Begins from a checkpoint of the run in this folder, with its settings but for those that are given; it is the
   * newest one, or `checkpoint`. `iterations` counts its iterations too.
   */
  readonly fork?: string;
  /** With `fork`, which checkpoint: `newest`, `best` or a number of iterations. Default: `newest`. */
  readonly checkpoint?: CheckpointChoice;
  /** First weights by name from a file: safetensors, a checkpoint, npz, or a state_dict that torch.save wrote. */
  readonly initFrom?: DataPath;
  /** Goes on though files of one's own have changed since the run began. */
  readonly allowChangedCode?: boolean;
  /** Figures for the report, from the run that has ended; `deno task report` draws them again. */
  readonly figures?: (run: StoredRun) => readonly OwnFigure[] | Promise<readonly OwnFigure[]>;
  /** Progress and notes on standard error, as `--progress`; `none`: the run prints nothing. Default: `auto`. */
  readonly progress?: ProgressMode;
  /** A chunk of iterations is done; the metrics are those of the last row. What it throws ends the run as failed. */
  readonly onProgress?: (row: TrainRow) => void;
  /** A row of metrics is written. What it throws ends the run as failed. */
  readonly onRow?: (row: TrainRow) => void;
  /** Aborted: the run writes a checkpoint and ends as `interrupted`. */
  readonly signal?: AbortSignal;
  /**
   * Whether Ctrl-C and a scheduler's signals end the run after a checkpoint, while it trains; the script then
   * goes on behind `trainRun`. A second Ctrl-C ends the script at once. Default: true.
   */
  readonly signals?: boolean;
}
