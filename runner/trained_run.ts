/** What `trainRun` gives back. */
import type { RunOutcome } from "../store/run_outcome.ts";
import type { StoredRun } from "./stored_run.ts";

/** How a run ended, and its folder, open for reading. */
export interface TrainedRun extends RunOutcome {
  /** Its files: metrics, checkpoints, networks. */
  readonly run: StoredRun;
}
