/** How a run in a folder ended. */
import type { Divergence } from "../core/training/divergence.ts";
import type { Standing } from "../core/training/followed_metric.ts";
import type { EndReason } from "../core/training/exit_codes.ts";
import type { Estimates } from "../core/training/sequence_counts.ts";
import type { Metrics } from "../core/training/sums.ts";

/** How a run ended, and what it left in its folder. */
export interface RunOutcome {
  /** The folder of the run. */
  readonly folder: string;
  /** Why it ended. */
  readonly endReason: EndReason;
  /** The code that the command `train` exits with: that of the end reason, 1 if only the report failed. */
  readonly exitCode: number;
  /** One line on what went wrong, if something did. */
  readonly message?: string;
  /** Iterations done, those before a resume included. */
  readonly iterations: number;
  /** Sequences seen by one replica. */
  readonly sequences: number;
  /** Training time over all resumes, in seconds. */
  readonly seconds: number;
  /** Those of the last row, and those on the test sequences when the run came to its end. */
  readonly metrics: Metrics;
  /** The metrics on the test sequences with their intervals, by replica; empty without. */
  readonly testEstimates: Estimates;
  /** How the networks stand that were kept as the best, if any were. */
  readonly best?: Standing;
  /** The replicas that diverged, by their place on the axis P. */
  readonly divergences: readonly Divergence[];
  /** Path of the report; missing if none was written. */
  readonly report?: string;
}
