/** Takes a job apart whose points cannot be trained in one run. */
import { withLock } from "../../store/files/run_lock.ts";
import { namedJobs, readJobs, writeJobs } from "./jobs_file.ts";
import { groupExactly } from "./pack_trials.ts";
import type { Sweep } from "./sweep.ts";
import type { SweepJob } from "./sweep_job.ts";

/**
 * Replaces a job by one for each group of its points that leave the program equal, or, if that is the job itself, by
 * one for each point: so a point that cannot be trained spoils no other.
 *
 * @returns the jobs in its place.
 */
export function takeApart(sweep: Sweep, job: SweepJob): SweepJob[] {
  const exact = groupExactly(sweep, job.trials);
  const groups = exact.length > 1 ? exact : job.trials.map((trial) => [trial]);
  return withLock(sweep.paths.lock, () => {
    const { jobs, isComplete } = readJobs(sweep.paths.jobs);
    const added = namedJobs(groups, jobs);
    const others = jobs.filter(({ name }) => name !== job.name);
    writeJobs(sweep.paths.jobs, { jobs: [...others, ...added], isComplete });
    return added;
  });
}
