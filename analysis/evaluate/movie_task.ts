/** Tasks that make movies of one R, from the settings of a run. */
import type { Task } from "../../core/training/task.ts";
import { buildTask } from "../../config/build/build_run.ts";
import { errorLine } from "../../config/error_line.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { UsageError } from "../../config/usage_error.ts";

/** Whether sequences of its task are movies with an interval R, also if it is trained at one R only. */
export const hasMovies = (config: RunConfig): boolean => buildTask(config).scenes !== undefined;

/**
 * The task of a run for movies of one R and one length.
 *
 * @param options.interval R: a repeat shows the scene of R scenes before.
 * @param options.scenesOption the option that gave the number of scenes, for errors.
 * @throws UsageError if a movie of so few scenes has no repeat at this R.
 */
export function movieTask(
  config: RunConfig,
  { interval, scenes, scenesOption }: { interval: number; scenes: number; scenesOption: string },
): Task {
  if (interval >= scenes) {
    throw new UsageError(
      `R = ${interval} is too large for a movie of ${scenes} scenes: no scene would repeat; ` +
        `expected ${scenesOption} of at least ${interval + 1}`,
    );
  }
  try {
    return buildTask(config).scenes!.at({ interval, scenes });
  } catch (error) {
    throw new UsageError(errorLine(error), { cause: error });
  }
}
