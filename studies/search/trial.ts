/** Points of a search, and what is known of them. */

/** A value that JSON has. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A point of a search. */
export interface Trial {
  /** From 0, in the order in which they are proposed. */
  readonly number: number;
  /** Values by the path of a setting, such as `updater.learning_rate`, as `--set` takes them. */
  readonly values: Readonly<Record<string, JsonValue>>;
}

/** The metric of a trial in a row of metrics. */
export interface Score {
  /** Iterations done. */
  readonly iteration: number;
  /** Mean over the seeds; NaN where it is not known or not finite. */
  readonly value: number;
}

/** A trial that was begun. */
export interface KnownTrial {
  readonly trial: Trial;
  /** `paused`: waits at a rung; `finished`: trained to its end; `stopped`: ended at a rung. */
  readonly state: "running" | "paused" | "finished" | "stopped" | "failed";
  /** One of each row of metrics, in order: row r is element r - 1. */
  readonly scores: readonly Score[];
}
