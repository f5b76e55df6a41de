/** Describes what an experiment would do, and the memory that it would take. */
import type { Backend } from "../../core/backends/backend.ts";
import { setAssignment } from "../../config/config_file.ts";
import { resolveConfig } from "../../config/resolve_config.ts";
import { buildRun } from "../../config/build/build_run.ts";
import {
  availableMemory,
  describeRoom,
  formatBytes,
  totalBytes,
  trainingChunk,
} from "../../config/build/memory.ts";
import type { AfterTraining } from "../experiment.ts";
import { passedText } from "./job_board.ts";
import { type JobGoal, type JobPhase, jobState } from "./job_state.ts";
import { iterationsOf, type Job } from "./jobs.ts";

/** Level of the memory estimate: sequences, and so the memory, grow with the level. */
const ESTIMATE_LEVEL = 20;
/** Measured memory of a run beside its network: Deno, the program and its compiler. */
export const processBytes = 170 * 2 ** 20;

/** Phases in words. */
export const phaseTexts: Readonly<Record<JobPhase, string>> = {
  new: "new",
  partial: "to go on",
  done: "done",
  reached: "reference reached",
  diverged: "diverged",
  busy: "in use",
  other: "not trained as the experiment says",
};

/**
 * A line for each job with its folder, memory and state, and a line on the memory of the jobs that run at
 * the same time.
 *
 * @param options.atOnce jobs at a time.
 */
export function describeJobs(
  jobs: readonly Job[],
  { atOnce, backend, afterTraining, ...goal }: JobGoal & {
    readonly atOnce: number;
    readonly backend: Backend;
    readonly afterTraining?: AfterTraining | undefined;
  },
): string[] {
  const { iterations } = goal;
  const rows = jobs.map((job) => {
    const { phase, updates, passed, difference } = jobState(job, goal);
    const { bytes, hasLevels } = estimateBytes(job, { iterations, backend });
    const isTrained = phase === "done" || phase === "reached";
    const reason = isTrained ? afterTraining?.reason(job.folder) : undefined;
    const state = [
      `${phaseTexts[phase]}, ${updates} of ${iterationsOf(job, { iterations })} updates`,
      ...passed === undefined ? [] : [passedText(passed)],
      ...difference === undefined ? [] : [difference],
      ...reason === undefined ? [] : [`to ${afterTraining!.command}: ${reason}`],
    ].join(", ");
    return { job, phase, bytes, hasLevels, state, isFollowed: reason !== undefined };
  });
  const width = Math.max(...rows.map(({ job }) => job.folder.length));
  const toTrain = rows.filter(({ phase }) => phase === "new" || phase === "partial");
  const together = toTrain.map(({ bytes }) => bytes).sort((a, b) => b - a).slice(0, atOnce)
    .reduce((sum, bytes) => sum + bytes, 0);
  const followed = rows.filter(({ isFollowed }) => isFollowed).length;
  return [
    ...rows.map(({ job, bytes, state }) =>
      `${job.folder.padEnd(width)}  ${formatBytes(bytes).padStart(8)}  ${state}`
    ),
    `${toTrain.length} of ${rows.length} jobs to train, ` +
    `${Math.min(atOnce, toTrain.length)} at a time: ` +
    `about ${formatBytes(together)} of memory` +
    (rows.some(({ hasLevels }) => hasLevels) ? ` at R = ${ESTIMATE_LEVEL}` : "") +
    describeRoom(availableMemory()),
    ...followed === 0 ? [] : [`${followed} trained before, to ${afterTraining!.command}`],
  ];
}

/** Bytes of the process that trains a job, at level `ESTIMATE_LEVEL` if its task has levels. */
function estimateBytes(
  job: Job,
  { iterations, backend }: { iterations: number; backend: Backend },
): { bytes: number; hasLevels: boolean } {
  const { configuration, seeds } = job;
  const settings = [
    ...configuration.settings,
    `training.seeds=${seeds.join(",")}`,
    `training.iterations=${iterationsOf(job, { iterations })}`,
  ];
  const { config } = resolveConfig(settings.map(setAssignment));
  const { task: { levels } } = buildRun(config);
  const level = levels && Math.min(ESTIMATE_LEVEL, levels.last);
  const run = buildRun(config, { steps: level && levels.at(level).steps });
  const bytes = processBytes +
    totalBytes(backend.estimateMemory(run.program, { chunk: trainingChunk(run, config) }));
  return { bytes, hasLevels: levels !== undefined };
}
