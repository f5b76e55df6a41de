/** What lies where in the folder of a sweep. */
import { join } from "node:path";

/**
 * Paths in the folder of a sweep.
 *
 * | path | what it holds |
 * |---|---|
 * | `sweep.json` | what is searched, from which settings, with which seeds; written once |
 * | `jobs.json` | the jobs there are, each with its points; replaced as a whole, under the lock |
 * | `.lock` | held while somebody reads states and adds jobs |
 * | `runs/NAME/` | the run of a job, a usual run folder |
 * | `jobs/NAME.json` | the settings of its run |
 * | `jobs/NAME.lock` | held by the process that works on the job |
 * | `jobs/NAME.end.json` | why its process failed; missing: it has not |
 * | `jobs/NAME.log` | what its processes wrote |
 * | `results.csv`, `report.html` | the points, best first |
 */
export const sweepPaths = (folder: string) => ({
  definition: join(folder, "sweep.json"),
  jobs: join(folder, "jobs.json"),
  lock: join(folder, ".lock"),
  jobFolder: join(folder, "jobs"),
  table: join(folder, "results.csv"),
  page: join(folder, "report.html"),
  /** The files of one job. */
  job: (name: string) => ({
    run: join(folder, "runs", name),
    config: join(folder, "jobs", `${name}.json`),
    lock: join(folder, "jobs", `${name}.lock`),
    end: join(folder, "jobs", `${name}.end.json`),
    log: join(folder, "jobs", `${name}.log`),
  }),
});
