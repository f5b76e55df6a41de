/** What a file of a sweep says. */
import type { JsonValue } from "./trial.ts";

/** How points are chosen. */
export type Method = "grid" | "random" | "bayes";

/** One of a list of values. */
export interface Choice {
  readonly kind: "choice";
  readonly values: readonly JsonValue[];
  /** One of each value, with sum 1. */
  readonly probabilities: readonly number[];
}

/** A number from a distribution. */
export interface Range {
  readonly kind: "range";
  /** Its name in the file, such as `log_uniform_values`. */
  readonly distribution: string;
  /** Numbers of the distribution by their names in the file: min, max, mu, sigma, a, b, q. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** A parameter that is searched, or held at one value. */
export interface Parameter {
  /** The setting, such as `updater.learning_rate`. */
  readonly path: string;
  /** Its name in the file, such as `lr`. */
  readonly name: string;
  readonly domain: Choice | Range;
}

/** The metric that a sweep is about. */
export interface SweepMetric {
  /** As rows have it, such as `eval/loss`, or without a split. */
  readonly name: string;
  readonly goal: "minimize" | "maximize";
}

/** Early termination: rungs, and the share of trials that go on from each. */
export interface EarlyTermination {
  /** Rows of metrics at which trials are judged, rising. */
  readonly rungs: readonly number[];
  /** One of `eta` trials goes on. */
  readonly eta: number;
}

/** A sweep as its file defines it. */
export interface SweepFile {
  readonly name?: string;
  readonly description?: string;
  readonly method: Method;
  /** Of grid and random search without early termination it may be missing. */
  readonly metric?: SweepMetric;
  /** In the order of the file. */
  readonly parameters: readonly Parameter[];
  readonly earlyTermination?: EarlyTermination;
  /** Most trials; undefined: all points of a grid. */
  readonly runCap?: number;
  /** A line for each thing that means something else here, or nothing. */
  readonly notes: readonly string[];
}

/**
 * The sweep that a text defines, in the syntax of W&B's sweep files.
 *
 * @param path of the file; its ending says whether it is YAML or JSON, and errors name it.
 * @throws UsageError in one line that names file, line and key, and what was expected.
 */
export declare function parseSweepFile(text: string, path: string): Promise<SweepFile>;
