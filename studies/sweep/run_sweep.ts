/** Trains what is left of a sweep on a pool of processes, and writes its results. */
import { exitCodes } from "../../core/training/exit_codes.ts";
import { checkTargets } from "../../store/check_targets.ts";
import { writeFileAtomic } from "../../store/files/atomic_file.ts";
import { watchSignals } from "../../store/progress/signals.ts";
import { type JobProcess, startCommand } from "../jobs/job_process.ts";
import type { JobsDisplay } from "../jobs/jobs_display.ts";
import { createStandings } from "./job_standing.ts";
import { readJobs } from "./jobs_file.ts";
import { drawSweep } from "./report/draw_sweep.ts";
import { readResults, type SweepResults } from "./results.ts";
import { bestSentence, resultLines, resultsCsv } from "./results_text.ts";
import type { Sweep } from "./sweep.ts";
import { createSweepProgress } from "./sweep_progress.ts";
import type { SweepJob } from "./sweep_job.ts";
import { workOnSweep, type WorkOptions } from "./work_on_sweep.ts";

/** How a sweep is trained. */
export interface RunOptions extends Pick<WorkOptions, "device" | "atOnce" | "most"> {
  readonly display: JobsDisplay;
  /** Whether others work on the sweep too, and one more process writes the results. */
  readonly isShard: boolean;
}

/**
 * Trains what is left of a sweep. A signal stops it after checkpoints.
 *
 * @returns the exit code: that of a failure where points failed.
 */
export async function runSweep(
  sweep: Sweep,
  { display, isShard, ...options }: RunOptions,
): Promise<number> {
  const running = new Map<SweepJob, JobProcess>();
  const signals = await watchSignals(() => {
    display.message(
      `${signals.reason()}: waiting for the checkpoints of ${running.size} runs (again to stop at once)`,
    );
    for (const process of running.values()) process.stop();
  });
  const progress = createSweepProgress(sweep, { standingOf: createStandings(sweep), running });
  let earliest = 0;
  const show = () => {
    const start = performance.now();
    if (start < earliest) return;
    display.show([progress()]);
    // Of ten thousand points it takes a moment, which the trainings need more.
    earliest = performance.now() + 20 * (performance.now() - start);
  };
  const timer = display.interval === undefined
    ? undefined
    : setInterval(show, 1000 * display.interval);
  let failed: readonly SweepJob[];
  try {
    failed = await workOnSweep(sweep, {
      ...options,
      start: startCommand,
      running,
      stopReason: () => signals.reason(),
      message: (line) => display.message(line),
    });
  } finally {
    clearInterval(timer);
    signals.close();
    display.close();
  }
  const reason = signals.reason();
  if (reason) {
    display.message("stopped; the same command goes on from here, --report shows what there is");
    return reason === "interrupted" ? exitCodes.interrupted : exitCodes.preempted;
  }
  // What failed elsewhere is told elsewhere.
  if (isShard) return failed.length > 0 ? exitCodes.failure : exitCodes.ok;
  const results = await writeResults(sweep);
  const left = results.points.filter(({ state }) => state === "new" || state === "partial").length;
  if (left > 0) display.message(`${left} points are left to other processes, or to come`);
  return results.points.some(({ state }) => state === "failed") ? exitCodes.failure : exitCodes.ok;
}

/** What came out of a sweep by now. */
export function readSweepResults(sweep: Sweep): SweepResults {
  const { jobs } = readJobs(sweep.paths.jobs);
  return readResults(sweep, { jobs, standingOf: createStandings(sweep) });
}

/** Writes table and page of a sweep, and prints its best points. */
export async function writeResults(sweep: Sweep): Promise<SweepResults> {
  const { folder, paths } = sweep;
  checkTargets(folder, [paths.table, paths.page]);
  const results = readSweepResults(sweep);
  writeFileAtomic(paths.table, resultsCsv(results));
  writeFileAtomic(paths.page, await drawSweep(sweep, results));
  for (const line of resultLines(results)) console.log(line);
  const best = bestSentence(results);
  if (best !== undefined) console.log(best);
  console.log(`table: ${paths.table}`);
  console.log(`report: ${paths.page}`);
  return results;
}
