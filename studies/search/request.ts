/** What a method is asked for a point. */
import type { KnownTrial, Trial } from "./trial.ts";

/** What a method may look at. */
export interface Request {
  /** Seed of the search. */
  readonly seed: number;
  /** Number of the trial that is asked for. */
  readonly number: number;
  /** All trials that were begun, those just proposed among them. */
  readonly known: readonly KnownTrial[];
  /** Whether a trial has this point. */
  isTaken(values: Trial["values"]): boolean;
}
