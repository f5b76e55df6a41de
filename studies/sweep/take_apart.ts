/** Takes a job apart whose points cannot be trained in one run. */
import { join } from "node:path";
import { plainFile } from "../../store/files/plain_path.ts";
import { withLock } from "../../store/files/run_lock.ts";
import { prepareRemoval } from "../../store/remove_run.ts";
import { namedJobs, readJobs, writeJobs } from "./jobs_file.ts";
import { evenParts, groupExactly } from "./pack_trials.ts";
import type { Sweep } from "./sweep.ts";
import type { SweepJob } from "./sweep_job.ts";

/**
 * Replaces a job by one for each group of its points that leave the program equal, or, if that is the job itself, by
 * halves: so a point that cannot be trained spoils no other, and what has no room side by side is trained one after the
 * other. What its run has learned is removed, since all of it is trained again.
 *
 * @returns the jobs in its place.
 * @throws RunFolderError if somebody uses its run.
 */
export function takeApart(sweep: Sweep, job: SweepJob): SweepJob[] {
  const { run } = sweep.paths.job(job.name);
  if (plainFile(join(run, "config.json")) !== null) prepareRemoval(run).remove();
  const exact = groupExactly(sweep, job.trials);
  const half = Math.ceil(job.trials.length / 2);
  const groups = exact.length > 1 ? exact : evenParts(job.trials, half);
  return withLock(sweep.paths.lock, () => {
    const { jobs, isComplete } = readJobs(sweep.paths.jobs);
    const added = namedJobs(groups, jobs);
    const others = jobs.filter(({ name }) => name !== job.name);
    writeJobs(sweep.paths.jobs, { jobs: [...others, ...added], isComplete });
    return added;
  });
}
