/** Lists, trains or reports an experiment. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DeviceChoice } from "../core/backends/device_choices.ts";
import { openBackend } from "../core/backends/open_backend.ts";
import { exitCodes } from "../core/training/exit_codes.ts";
import { UsageError } from "../config/usage_error.ts";
import { describeJobs } from "./jobs/dry_run.ts";
import {
  chooseConfigurations,
  findExperiment,
  listConfigurations,
  trainedAs,
} from "./choose_configurations.ts";
import {
  checkEngineOptions,
  type EngineOptions,
  otherEngine,
  workerArguments,
} from "./engines/engine_options.ts";
import { readShard, shardCount, shardOf } from "./engines/shard.ts";
import { startEngine, type StartOptions } from "./engines/start_engine.ts";
import type { Experiment } from "./experiment.ts";
import type { JobGoal } from "./jobs/job_state.ts";
import { type Job, listJobs } from "./jobs/jobs.ts";
import { createJobsDisplay, type DisplayMode } from "./jobs/jobs_display.ts";
import { openShards } from "./jobs/open_shards.ts";
import { experiments } from "./mod.ts";
import { readSeeds } from "./read_seeds.ts";
import { runExperiment, writeReports } from "./jobs/run_experiment.ts";

/** What is to be done with an experiment; undefined: its default. */
export interface RunRequest extends EngineOptions {
  /** The command that asks. */
  readonly command: "experiments" | "compare";
  /** What was typed after it. */
  readonly args: readonly string[];
  readonly out: string | undefined;
  readonly iterations: number | undefined;
  readonly seeds: string | undefined;
  readonly jobs: number | undefined;
  readonly threads: number;
  readonly only: string | undefined;
  readonly device: DeviceChoice;
  readonly progress: DisplayMode;
  readonly dryRun: boolean;
  readonly list: boolean;
  readonly report: boolean;
  readonly sideBySide?: boolean;
  readonly untilReference?: boolean;
}

/** The arguments of the command `experiments`; undefined: the default of the experiment. */
export interface ExperimentRequest extends Omit<RunRequest, "command"> {
  readonly name: string | undefined;
  readonly published: boolean;
}

/**
 * Performs an experiment of a table, or lists all.
 *
 * @param options.table the experiments by name.
 * @returns the exit code.
 * @throws UsageError for an unknown name or seed, or a folder that cannot be used.
 */
export async function performExperiment(
  request: ExperimentRequest,
  { table = experiments }: { table?: Readonly<Record<string, Experiment>> } = {},
): Promise<number> {
  if (request.list && request.name === undefined) {
    for (const { name, summary } of Object.values(table)) console.log(`${name}  ${summary}`);
    return exitCodes.ok;
  }
  const experiment = trainedAs(findExperiment(request.name, table), request);
  return await perform(experiment, { ...request, command: "experiments" });
}

/**
 * Lists an experiment, describes its jobs, trains them, or writes the report, as requested.
 *
 * @returns the exit code.
 * @throws UsageError for an unknown configuration or seed, or a folder that cannot be used.
 */
export async function perform(experiment: Experiment, request: RunRequest): Promise<number> {
  const chosen = chooseConfigurations(experiment, request);
  if (request.list) {
    console.log(listConfigurations(experiment, chosen).join("\n"));
    return exitCodes.ok;
  }
  const out = request.out ?? join("runs", experiment.name);
  checkFolder(out, { mustExist: request.report });
  checkEngineOptions(request);
  if (!request.dryRun && !request.report && request.engine !== "commands") {
    checkMayStart(request.command);
  }
  if (!request.dryRun) checkMayWrite(out);
  if (request.report) {
    await writeReports(experiment, out);
    return exitCodes.ok;
  }
  const allJobs = listJobs(chosen, {
    seeds: request.seeds === undefined ? experiment.seeds ?? [1] : readSeeds(request.seeds),
    sideBySide: request.sideBySide || experiment.sideBySide === true,
    out,
  });
  const { device, threads, iterations = experiment.iterations, untilReference = false } = request;
  const engine = otherEngine(request);
  if (engine) {
    const goal = { iterations, untilReference };
    return await startShards(allJobs, { ...request, engine, experiment, goal, out });
  }
  const shard = request.shard === undefined ? undefined : readShard(request.shard);
  const jobs = shard ? shardOf(allJobs, shard) : allJobs;
  const cores = Math.max(1, Math.floor(navigator.hardwareConcurrency / threads));
  const atOnce = request.jobs ?? (device === "gpu" || shard ? 1 : cores);
  if (request.dryRun) {
    const { backend } = await openBackend({ device, threads });
    try {
      const { afterTraining } = experiment;
      const goal = { iterations, untilReference, atOnce };
      console.log(describeJobs(jobs, { ...goal, backend, afterTraining }).join("\n"));
    } finally {
      backend.close();
    }
    return exitCodes.ok;
  }
  const display = createJobsDisplay({ mode: request.progress });
  return await runExperiment(experiment, jobs, {
    iterations,
    untilReference,
    device,
    threads,
    out,
    atOnce,
    display,
    isPart: shard !== undefined,
  });
}

/** Hands all jobs to an engine, of which each task works on a shard of them. */
async function startShards(
  jobs: readonly Job[],
  { experiment, goal, ...request }: RunRequest & StartOptions & {
    readonly experiment: Experiment;
    readonly goal: JobGoal;
    readonly out: string;
  },
): Promise<number> {
  const { command, args, out, threads, jobs: processes = 1, perTask = processes } = request;
  const shards = shardCount(jobs.length, perTask);
  const { afterTraining, name } = experiment;
  const { open, summary } = openShards(jobs, { shards, goal, afterTraining });
  console.error(summary);
  const work = { command, args: workerArguments(args), shards, open };
  return await startEngine({ ...work, name, processes, threads, out }, request);
}

const hebbFolder = fileURLToPath(new URL("../", import.meta.url));

/** The installed program may write anywhere, and so may not start processes. */
export function checkMayStart(command: string): void {
  if (Deno.permissions.querySync({ name: "run", command: "deno" }).state === "granted") return;
  throw new UsageError(
    `${command}: there is no permission to start processes; \`deno task ${command}\` has it, in the folder ` +
      `${hebbFolder} (files by their whole paths; runs lie in its runs/)`,
  );
}

/** The task writes below runs/ only, since whoever may start programs should not be able to change them. */
export function checkMayWrite(out: string, { option = "--out" } = {}): void {
  if (Deno.permissions.querySync({ name: "write", path: out }).state === "granted") return;
  throw new UsageError(
    `${option} ${out}: there is no permission to write there, expected a folder below runs ` +
      "(or change --allow-write of the task in deno.json)",
  );
}

export function checkFolder(
  out: string,
  { mustExist, option = "--out" }: { mustExist: boolean; option?: string },
): void {
  if (out === "") {
    throw new UsageError(`${option}: expected the name of a folder, got an empty text`);
  }
  // A job may write to its folder alone, and a permission with a comma would be one for two folders.
  if (out.includes(",")) throw new UsageError(`${option} ${out}: expected a name without a comma`);
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(out);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (mustExist) throw new UsageError(`${option} ${out}: there is no such folder`);
    return;
  }
  if (!info.isDirectory) throw new UsageError(`${option} ${out}: is a file, expected a folder`);
}
