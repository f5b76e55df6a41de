/** Hands a sweep to an engine: each task is one more process that works on its folder. */
import type { DeviceChoice } from "../../core/backends/device_choices.ts";
import { usableName } from "../../store/files/run_name.ts";
import { shardCount } from "../engines/shard.ts";
import { startEngine, type StartOptions } from "../engines/start_engine.ts";
import { mostTrials } from "../search/space.ts";
import { createStandings } from "./job_standing.ts";
import type { JobList } from "./jobs_file.ts";
import type { Sweep } from "./sweep.ts";
import type { SweepJobPhase } from "./sweep_job.ts";

export interface SweepShards extends StartOptions {
  /** Processes of a task at a time. */
  readonly atOnce: number;
  readonly threads: number;
  readonly device: DeviceChoice;
}

/**
 * Starts as many tasks as what is left of a sweep takes.
 *
 * @returns the exit code.
 */
export async function startSweepShards(
  sweep: Sweep,
  list: JobList,
  options: SweepShards,
): Promise<number> {
  const { atOnce, threads, device, perTask = atOnce } = options;
  const { folder } = sweep;
  const phases = list.jobs.map(createStandings(sweep)).map(({ phase }) => phase);
  const count = (phase: SweepJobPhase) => phases.filter((other) => other === phase).length;
  // A search makes a run of each point.
  const all = list.isComplete ? phases.length : mostTrials(sweep.file);
  const tasks = shardCount(all - count("done") - count("failed"), perTask);
  if (count("failed") > 0) {
    console.error(`failed: ${count("failed")} runs (--retry tries them again)`);
  }
  return await startEngine({
    command: "sweep",
    args: [
      ...["--resume", folder, "--jobs", String(atOnce), "--threads", String(threads)],
      ...["--device", device],
    ],
    shards: shardCount(all, perTask),
    open: Array.from({ length: tasks }, (_, index) => index + 1),
    name: usableName(sweep.file.name ?? "sweep"),
    processes: atOnce,
    ...{ threads, out: folder },
  }, options);
}
