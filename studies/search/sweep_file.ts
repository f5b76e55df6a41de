/** What a file of a sweep says. */
import type { Numbers } from "./distributions.ts";
import type { JsonValue } from "./trial.ts";

/** How points are chosen. */
export const methods = ["grid", "random", "bayes"] as const;
export type Method = typeof methods[number];

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
  /** Its name in the table of distributions, such as `log_uniform_values`. */
  readonly distribution: string;
  readonly numbers: Numbers;
}

/** A setting that is searched, or held at one value. */
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
  /** No trials are begun once one has reached this. */
  readonly target?: number;
}

/** Where trials are judged before their end, and the share of them that goes on. */
export interface EarlyTermination {
  /** Rows of metrics at which trials are judged, rising. */
  readonly rungs: readonly number[];
  /** One of `eta` trials goes on; more than 1. */
  readonly eta: number;
}

/** A sweep as its file defines it. */
export interface SweepFile {
  readonly name?: string;
  readonly description?: string;
  readonly method: Method;
  /** May be missing where nothing depends on it: of grid and random search without early termination. */
  readonly metric?: SweepMetric;
  /** In the order of the file. */
  readonly parameters: readonly Parameter[];
  /** Seeds of each point, if the file has a parameter of that name. */
  readonly seeds?: readonly number[];
  readonly earlyTermination?: EarlyTermination;
  /** Most trials; undefined: all points of a grid. */
  readonly runCap?: number;
  /** A line for each thing that means something else here, or nothing. */
  readonly notes: readonly string[];
}
