/** Which shards of a list of jobs have something left to do. */
import { type Shard, shardOf } from "../engines/shard.ts";
import type { AfterTraining } from "../experiment.ts";
import { phaseTexts } from "./dry_run.ts";
import { type JobGoal, type JobPhase, jobState } from "./job_state.ts";
import type { Job } from "./jobs.ts";

export interface ShardStates {
  /** Numbers of the shards that hold a job to train, or to go on with. */
  readonly open: readonly number[];
  /** Such as "jobs: 20 new, 4 done". */
  readonly summary: string;
}

/** Reads the states of all jobs. A job that another process works on leaves its shard closed. */
export function openShards(
  jobs: readonly Job[],
  { shards, goal, afterTraining }: {
    shards: number;
    goal: JobGoal;
    afterTraining?: AfterTraining | undefined;
  },
): ShardStates {
  const counts = new Map<JobPhase, number>();
  const isOpen = (job: Job): boolean => {
    const { phase } = jobState(job, goal);
    counts.set(phase, (counts.get(phase) ?? 0) + 1);
    if (phase === "new" || phase === "partial") return true;
    const isTrained = phase === "done" || phase === "reached";
    return isTrained && afterTraining?.reason(job.folder) !== undefined;
  };
  const all: Shard[] = Array.from({ length: shards }, (_, at) => ({ number: at + 1, of: shards }));
  // Every job is counted, also behind the first that is open.
  const open = all.filter((shard) => shardOf(jobs, shard).map(isOpen).includes(true));
  const parts = [...counts].map(([phase, count]) => `${count} ${phaseTexts[phase]}`);
  return {
    open: open.map(({ number }) => number),
    summary: `jobs: ${parts.join(", ")}`,
  };
}
