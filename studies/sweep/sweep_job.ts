/** Jobs of a sweep: points whose networks are trained side by side in one run. */
import type { Trial } from "../search/trial.ts";

/** One run of a sweep. Its replicas are every trial with every seed, trial by trial. */
export interface SweepJob {
  /** Unique in its sweep, such as "0007": the name of the folder of its run. */
  readonly name: string;
  readonly trials: readonly Trial[];
}

/** What is left to do of a job. */
export type SweepJobState =
  /** It has no run yet. */
  | "new"
  /** Its run goes on with `--resume`. */
  | "partial"
  /** It waits at a rung, or is over there. */
  | "paused"
  /** All is trained; networks may have diverged. */
  | "done"
  /** Its process failed, and nothing but `--retry` starts it again. */
  | "failed"
  /** A process works on it. */
  | "busy";
