/** The tasks of single movies, from the settings of a run. */
import type { Task } from "../../core/training/task.ts";
import { buildTask } from "../../config/build/build_run.ts";
import { errorLine } from "../../config/error_line.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { UsageError } from "../../config/usage_error.ts";

/** Whether sequences of its task are movies with an R, also where it is trained at one R only. */
export const hasMovies = ({ task }: RunConfig): boolean => buildTask(task).scenes !== undefined;

/**
 * The task of the run with one R and one length of its movies.
 *
 * @param scenesOption that the number of scenes came from, for errors.
 * @throws UsageError if a movie of so few scenes has no repeat at this R.
 */
export function movieTask(
  { task }: RunConfig,
  { interval, scenes, scenesOption }: { interval: number; scenes: number; scenesOption: string },
): Task {
  if (interval >= scenes) {
    throw new UsageError(
      `R = ${interval} is too large for a movie of ${scenes} scenes: no scene would repeat; ` +
        `expected ${scenesOption} of at least ${interval + 1}`,
    );
  }
  try {
    return buildTask(task).scenes!.at({ interval, scenes });
  } catch (error) {
    throw new UsageError(errorLine(error), { cause: error });
  }
}
