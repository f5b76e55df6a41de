/** What an experiment is: configurations that are each trained with every seed, and a report. */

/** One network and task of an experiment. */
export interface Configuration {
  /** Part of a folder's name, such as "memo-ma-50-50". */
  readonly name: string;
  /** What it is, in a line. */
  readonly title: string;
  /** Settings of `train`, each `PATH=VALUE` as for `--set`. */
  readonly settings: readonly string[];
  /** Updates of its runs, instead of those of the experiment. */
  readonly iterations?: number;
  /** Studies that it belongs to, by name. */
  readonly studies?: readonly string[];
  /** Its numbers may grow without bound: a run that has diverged is a result, and no failure. */
  readonly mayDiverge?: boolean;
  /** The level that the published run had passed, where there is one. */
  readonly reference?: number;
}

/** A question, and the configurations that answer it. */
export interface Study {
  readonly name: string;
  /** One line. */
  readonly title: string;
}

/** A command that is to be run on the folder of each trained run. */
export interface AfterTraining {
  readonly command: string;
  /** Why it is still to be run on a trained run, in a few words; undefined where it is done. */
  reason(folder: string): string | undefined;
  args(options: { configuration: Configuration; folder: string }): readonly string[];
}

export interface ExperimentReport {
  /** The outcome in a sentence. */
  readonly headline: string;
  /** The page, as one HTML file. */
  readonly html: string;
  /** The same numbers, for `results.json`. */
  readonly results: object;
  /** A line for each thing in the folder that could not be used. */
  readonly problems: readonly string[];
}

export interface Experiment {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** In the order in which they are trained. */
  readonly configurations: readonly Configuration[];
  readonly studies?: readonly Study[];
  /** Seeds unless others are asked for; default: 1. */
  readonly seeds?: readonly number[];
  /** All seeds of a configuration are trained in one run, whether that is asked for or not. */
  readonly sideBySide?: boolean;
  readonly afterTraining?: AfterTraining;
  /** Updates of each run unless others are asked for. */
  readonly iterations: number;
  /** A function of the files in the folder, whatever has been trained by now. */
  report(out: string): Promise<ExperimentReport>;
  /** The same with the published training, where this one differs from it. */
  readonly published?: Experiment;
}
