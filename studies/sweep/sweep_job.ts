/** Jobs of a sweep: points whose networks are trained side by side in one run. */
import type { Trial } from "../search/trial.ts";

/** One run of a sweep. Its replicas are every trial with every seed, trial by trial. */
export interface SweepJob {
  /** Unique in its sweep, such as "0007": the name of the folder of its run. */
  readonly name: string;
  readonly trials: readonly Trial[];
}

/**
 * What is left to do of a job.
 *
 * - new: it has no run yet;
 * - partial: its run goes on with `--resume`;
 * - done: all is trained, though networks may have diverged;
 * - failed: its process failed, and nothing but `--retry` starts it again.
 */
export type SweepJobPhase = "new" | "partial" | "done" | "failed";
