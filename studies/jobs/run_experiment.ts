/** Trains the jobs of an experiment that are not done, and writes its report. */
import { join } from "node:path";
import { checkTargets } from "../../store/check_targets.ts";
import { writeFileAtomic } from "../../store/files/atomic_file.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { writeJsonFile } from "../../store/files/json_file.ts";
import { watchSignals } from "../../store/progress/signals.ts";
import type { Experiment } from "../experiment.ts";
import { type JobProcess, startCommand } from "./job_process.ts";
import { createJobsDisplay } from "./jobs_display.ts";
import type { Job } from "./jobs.ts";
import { type ExperimentOptions, trainJobs, type Unfinished } from "./train_jobs.ts";

/**
 * Trains jobs, several at a time, and writes the report if they are all of its folder. A signal stops them after a checkpoint.
 *
 * @returns the exit code.
 */
export async function runExperiment(
  experiment: Experiment,
  jobs: readonly Job[],
  options: ExperimentOptions,
): Promise<number> {
  const { display = createJobsDisplay(), watch = watchSignals, start = startCommand } = options;
  const { afterTraining } = experiment;
  Deno.mkdirSync(options.out, { recursive: true });
  const running = new Map<Job, JobProcess>();
  const signals = await watch(() => {
    display.message(
      `${signals.reason()}: waiting for the checkpoints of ${running.size} running jobs ` +
        "(again to stop at once)",
    );
    for (const process of running.values()) process.stop();
  });
  let unfinished: Unfinished[];
  try {
    unfinished = await trainJobs(jobs, {
      ...options,
      ...{ afterTraining, start, display, running, signals },
    });
  } finally {
    signals.close();
    display.close();
  }
  for (const { job, why } of unfinished) display.message(`error: ${job.name}: ${why}`);
  const reason = signals.reason();
  if (reason) {
    display.message("stopped; the same command goes on from here, --report shows what there is");
    return reason === "interrupted" ? exitCodes.interrupted : exitCodes.preempted;
  }
  const remark = describeUnfinished(unfinished, { of: jobs.length });
  if (options.isPart) console.log(remark || `done: ${jobs.map(({ name }) => name).join(", ")}`);
  else await writeReports(experiment, options.out, { remark });
  return unfinished.length > 0 ? exitCodes.failure : exitCodes.ok;
}

/** Such as "2 of 5 jobs are not done (1 failed, 1 in use by another process)". */
function describeUnfinished(unfinished: readonly Unfinished[], { of }: { of: number }): string {
  const busy = unfinished.filter(({ isBusy }) => isBusy).length;
  const failed = unfinished.length - busy;
  const parts = [
    ...failed > 0 ? [`${failed} failed`] : [],
    ...busy > 0 ? [`${busy} in use by another process`] : [],
  ];
  const verb = unfinished.length === 1 ? "is" : "are";
  return parts.length === 0
    ? ""
    : `${unfinished.length} of ${of} jobs ${verb} not done (${parts.join(", ")})`;
}

/**
 * Writes `report.html` and `results.json` from the runs in a folder, and prints the headline.
 *
 * @throws UsageError, before it writes, where one of them cannot be written.
 * @param options.remark is added to the headline: what the files do not show.
 */
export async function writeReports(
  experiment: Experiment,
  out: string,
  { remark = "" }: { remark?: string } = {},
): Promise<void> {
  const [page, numbers] = [join(out, "report.html"), join(out, "results.json")];
  checkTargets(out, [page, numbers]);
  const { headline, html, results, problems } = await experiment.report(out);
  for (const problem of problems) console.error(`warning: ${problem}`);
  writeJsonFile(numbers, results);
  writeFileAtomic(page, html);
  console.log(remark === "" ? headline : `${headline}; ${remark}`);
  console.log(`report: ${page}`);
}
