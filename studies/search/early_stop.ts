/** Says how far a trial is trained. */
import type { SweepFile } from "./sweep_file.ts";
import type { KnownTrial, Trial } from "./trial.ts";

/** How far to train: until a trial has so many rows of metrics; Infinity: to its end. */
export interface Budget {
  readonly rows: number;
}

/**
 * How far a trial is trained next. A row comes every `training.log_every` iterations, so rows x log_every are
 * the iterations; a rung beyond the end of the training is the end.
 *
 * @param known all trials, in any order; the trial itself may be missing, if it is new.
 * @returns `wait`: it stays paused at its rung, others may still come; `stop`: it is over.
 */
export declare function nextBudget(
  file: SweepFile,
  trial: Trial,
  known: readonly KnownTrial[],
): Budget | "stop" | "wait";
