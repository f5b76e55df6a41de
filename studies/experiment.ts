/** An experiment: configurations, each trained with every seed, and a report. */

/** One network and task of an experiment. */
export interface Configuration {
  /** Part of a folder's name, such as "memo-ma-50-50". */
  readonly name: string;
  /** One line. */
  readonly title: string;
  /** Settings of `train`, each `PATH=VALUE` as typed after `--set`. */
  readonly settings: readonly string[];
  /** Updates of its runs, instead of those of the experiment. */
  readonly iterations?: number;
  /** Names of the studies that it belongs to. */
  readonly studies?: readonly string[];
  /** Whether a diverged run is a result, and no failure: its activity may grow without bound. */
  readonly mayDiverge?: boolean;
  /** Level that the published run had passed, if there is one. */
  readonly reference?: number;
}

/** A question, and the configurations that answer it. */
export interface Study {
  readonly name: string;
  /** One line. */
  readonly title: string;
}

/** A command that is run on the folder of each trained run. */
export interface AfterTraining {
  readonly command: string;
  /** Why the command still has to be run on a folder, in a few words; undefined if it is done. */
  reason(folder: string): string | undefined;
  /** Arguments of the command. */
  args(options: { configuration: Configuration; folder: string }): readonly string[];
}

export interface ExperimentReport {
  /** The outcome in a sentence. */
  readonly headline: string;
  /** The page, as one HTML file. */
  readonly html: string;
  /** The same numbers, for `results.json`. */
  readonly results: object;
  /** A line for each file or folder that could not be used. */
  readonly problems: readonly string[];
}

export interface Experiment {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** In the order in which they are trained. */
  readonly configurations: readonly Configuration[];
  readonly studies?: readonly Study[];
  /** Default seeds; undefined: 1. */
  readonly seeds?: readonly number[];
  /** Whether all seeds of a configuration are always trained in one run. */
  readonly sideBySide?: boolean;
  readonly afterTraining?: AfterTraining;
  /** Default updates of each run. */
  readonly iterations: number;
  /** The report of what has been trained by now: a function of the files in the folder. */
  report(out: string): Promise<ExperimentReport>;
  /** The same experiment with the published training, if this one differs from it. */
  readonly published?: Experiment;
}
