/** Reads the folder of a run from a script. What that takes is loaded when it is first used. */
import type { RunEntries } from "./train_run_options.ts";
import type { StoredRun } from "./stored_run.ts";

/** Code of one's own that a run was trained with; to read its files, none is needed. */
export interface OpenRunOptions extends RunEntries {
  /** Uses files of one's own though they have changed since the run began. */
  readonly allowChangedCode?: boolean;
}

/**
 * Opens the folder of a run for reading. It may still be training.
 *
 * @param folder with `config.json`.
 * @param code the model, task and updater of the run, if they are of no table.
 * @throws UsageError if the folder holds no run, or a file of code cannot be used.
 * @example
 * const run = await openRun("runs/mine", { model: "own/hebbff.ts" });
 * console.log(run.status()?.metrics, run.metricColumns().values["eval/loss"]);
 */
export async function openRun(folder: string, code: OpenRunOptions = {}): Promise<StoredRun> {
  const [{ chosenEntries }, { readRun }] = await Promise.all([
    import("./entry_choice.ts"),
    import("./read_run.ts"),
  ]);
  const { allowChangedCode: allowChanged = false, ...choices } = code;
  const { own } = await chosenEntries(choices);
  return readRun(folder, { own, allowChanged });
}
