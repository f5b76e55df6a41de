/** Trains a run from a script. What that takes is loaded when it is first used. */
import type { TrainedRun } from "./trained_run.ts";
import type {
  ModelChoice,
  TaskChoice,
  TrainRunOptions,
  UpdaterChoice,
} from "./train_run_options.ts";

/**
 * Trains as the command `train` does, and leaves the same folder: config, environment, metrics, events,
 * checkpoints, levels, status and report. The same settings give the same bits.
 *
 * A signal or an abort ends the run after a checkpoint, and `resume` goes on from there with the bits of a run
 * that nobody interrupted. A model, task or updater that is given as a value is stored without its code:
 * whoever resumes gives it again, and nobody notices if it has changed; and its sequences are drawn on the
 * main thread. A file (a path or `new URL("./model.ts", import.meta.url)`) has neither limit.
 *
 * @returns how it ended: also of a run that diverged or was interrupted.
 * @throws UsageError in one line if something of the options, a folder or a file cannot be used; nothing is
 * written then.
 * @throws NoAdapterError if there is no such device, and what the run itself throws: its status says so then.
 * @example
 * const { endReason, metrics, run } = await trainRun({ model, task, updater: "bptt",
 *   settings: { updater: { learning_rate: 1e-3 } }, training: { iterations: 500 }, out: "runs/mine" });
 */
export async function trainRun<
  M extends ModelChoice = ModelChoice,
  T extends TaskChoice = TaskChoice,
  U extends UpdaterChoice = UpdaterChoice,
>(options: TrainRunOptions<M, T, U>): Promise<TrainedRun> {
  const { trainFromScript } = await import("./train_from_script.ts");
  return await trainFromScript(options as TrainRunOptions);
}
