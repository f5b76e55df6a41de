/** Folders of sweeps that nobody has trained, for tests of plans, tables and pages. */
import { join } from "node:path";
import { setAssignment } from "../../../config/config_file.ts";
import { openMetricsLog } from "../../../store/files/metrics.ts";
import { writeStatus } from "../../../store/files/status.ts";
import type { Trial } from "../../search/trial.ts";
import { createSweep } from "../create_sweep.ts";
import { readJobs } from "../jobs_file.ts";
import type { PackingOptions } from "../plan_jobs.ts";
import { readSweep, type Sweep, sweepIn } from "../sweep.ts";

export interface SimulatedSweep {
  /** The file of the sweep, in YAML. */
  readonly text: string;
  /** Settings of all points, as for `--set`. */
  readonly settings?: readonly string[];
  readonly seeds?: readonly number[];
}

/** A sweep that is not stored. */
export async function definedSweep(
  folder: string,
  { text, settings = [], seeds = [1] }: SimulatedSweep,
): Promise<Sweep> {
  const base = { file: { name: "sweep.yaml", text }, code: {} };
  const stored = { settings: settings.map(setAssignment), seeds, search_seed: 1 };
  return sweepIn(folder, { version: 1, ...base, ...stored }, await readSweep(base));
}

/**
 * Stores a sweep whose runs are all trained.
 *
 * @param options.scoreOf the value of the metric of a network.
 * @param options.metric its name, with a split.
 * @param options.rows rows of each log.
 */
export async function simulateSweep(
  sweep: Sweep,
  { scoreOf, metric, rows = 0, packing = {} }: {
    scoreOf: (values: Trial["values"], seed: number) => number;
    metric: string;
    rows?: number;
    packing?: Partial<PackingOptions>;
  },
): Promise<void> {
  await createSweep(sweep, { atOnce: 1, ...packing });
  for (const { name, trials } of readJobs(sweep.paths.jobs).jobs) {
    const { run } = sweep.paths.job(name);
    Deno.mkdirSync(run, { recursive: true });
    const scores = trials.flatMap(({ values }) =>
      sweep.stored.seeds.map((seed) => scoreOf(values, seed))
    );
    writeStatus(run, {
      run: name,
      state: "finished",
      end_reason: "completed",
      ...{ iterations: 100, sequences: 400, seconds: 10, device: "cpu" },
      metrics: { [metric]: scores.length === 1 ? scores[0]! : scores },
    });
    if (rows === 0) continue;
    const log = openMetricsLog(join(run, "metrics.jsonl"));
    for (let row = 1; row <= rows; row++) {
      const values = scores.map((score) => score * (1 + 1 / row));
      const iteration = 100 * row / rows;
      log.append({
        iteration,
        sequences: 4 * iteration,
        seconds: row,
        values: { [metric]: values },
      });
    }
    log.close();
  }
}
