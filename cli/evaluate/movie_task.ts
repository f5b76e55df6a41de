/** The tasks of single movies, from the settings of a run. */
import type { Task } from "../../core/task.ts";
import { findTask } from "../../tasks/mod.ts";
import type { RunConfig } from "../config/run_config.ts";
import { UsageError } from "../usage_error.ts";

/** The task that the run was trained on. */
export function taskOfRun({ task: { name, ...settings } }: RunConfig): Task {
  return findTask(name).build(settings);
}

/**
 * The task of the run with one R and one length of its movies.
 *
 * @param scenesOption that the number of scenes came from, for errors.
 * @throws UsageError if a movie of so few scenes has no repeat at this R.
 */
export function movieTask(
  { task: { name, ...settings } }: RunConfig,
  { interval, scenes, scenesOption }: { interval: number; scenes: number; scenesOption: string },
): Task {
  if (interval >= scenes) {
    throw new UsageError(
      `R = ${interval} is too large for a movie of ${scenes} scenes: no scene would repeat; ` +
        `expected ${scenesOption} of at least ${interval + 1}`,
    );
  }
  try {
    return findTask(name).build({ ...settings, interval, scenes, curriculum: false });
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/\s*\n\s*/g, " "), { cause: error });
  }
}
