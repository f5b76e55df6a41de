/** Run folders for tests: the files of a run of an experiment, without training. */
import { join } from "node:path";
import { writeConfig } from "../../store/files/config_file.ts";
import type { EndReason } from "../../core/training/exit_codes.ts";
import { openMetricsLog } from "../../store/files/metrics.ts";
import { type StoredRunStatus, writeStatus } from "../../store/files/status.ts";
import { setAssignment } from "../../config/config_file.ts";
import { resolveConfig } from "../../config/resolve_config.ts";
import type { Configuration } from "../experiment.ts";

export interface SampleRun {
  readonly configuration: Configuration;
  readonly seeds?: readonly number[];
  /** Settings beside or instead of those of the configuration. */
  readonly settings?: readonly string[];
  /** By replica, the updates after which R = 1, 2, ... was passed. */
  readonly passedAt: readonly (readonly number[])[];
  /** Updates done. */
  readonly updates: number;
  /** Updates that the run was to do; default: those done. */
  readonly iterations?: number;
  /** Default: completed. null: the run trains, or was killed. */
  readonly endReason?: EndReason | null;
  /** Replicas that diverged. */
  readonly diverged?: StoredRunStatus["diverged"];
  /** More metrics of the status, one number or one for each replica. */
  readonly metrics?: Readonly<Record<string, number | readonly number[]>>;
}

/** Writes config, metrics and status of a run into a new folder. */
export function writeSampleRun(folder: string, run: SampleRun): void {
  const { configuration, seeds = [1], passedAt, updates, endReason = "completed" } = run;
  Deno.mkdirSync(folder, { recursive: true });
  const settings = [
    ...configuration.settings,
    ...run.settings ?? [],
    `training.seeds=${seeds.join(",")}`,
    `training.iterations=${run.iterations ?? updates}`,
  ];
  writeConfig(folder, resolveConfig(settings.map(setAssignment)).config);
  const log = openMetricsLog(join(folder, "metrics.jsonl"));
  const values = (iteration: number) => {
    const passed = passedAt.map((moments) => moments.filter((at) => at <= iteration).length);
    return { "curriculum/passed": passed.length === 1 ? passed[0]! : passed };
  };
  const rows = new Set([...passedAt.flat().filter((at) => at <= updates), updates]);
  for (const iteration of [...rows].sort((a, b) => a - b)) {
    const row = { iteration, sequences: iteration, seconds: iteration / 100 };
    log.append({ ...row, values: values(iteration) });
  }
  log.close();
  writeStatus(folder, {
    run: "sample",
    state: endReason === null ? "running" : "finished",
    end_reason: endReason,
    iterations: updates,
    sequences: updates,
    seconds: updates / 100,
    device: "cpu",
    metrics: { ...values(updates), ...run.metrics },
    ...run.diverged ? { diverged: run.diverged } : {},
  });
}
