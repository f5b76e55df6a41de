/** Makes, describes, trains or reports a sweep. */
import { basename, join, resolve } from "node:path";
import type { DeviceChoice } from "../../core/backends/device_choices.ts";
import { openBackend } from "../../core/backends/open_backend.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import type { Assignment } from "../../config/assignment.ts";
import { entrySections } from "../../config/catalogue.ts";
import type { EntryFiles } from "../../config/build/load_own_entries.ts";
import { decodeText } from "../../config/decode_text.ts";
import { readUserFile } from "../../config/read_user_file.ts";
import { resolveConfig } from "../../config/resolve_config.ts";
import { UsageError } from "../../config/usage_error.ts";
import { usableName } from "../../store/files/run_name.ts";
import { createJobsDisplay, type DisplayMode } from "../jobs/jobs_display.ts";
import { checkFolder, checkMayStart, checkMayWrite } from "../perform_experiment.ts";
import { readSeeds } from "../read_seeds.ts";
import { checkEngineOptions, type EngineOptions, otherEngine } from "../engines/engine_options.ts";
import { readShard, shardCount } from "../engines/shard.ts";
import type { SweepFile } from "../search/sweep_file.ts";
import { createSweep, firstJobs, hasMorePoints, sweepBefore } from "./create_sweep.ts";
import { describeSweep, sweepLine } from "./describe_sweep.ts";
import { createStandings, forgetFailure } from "./job_standing.ts";
import { readJobs } from "./jobs_file.ts";
import type { PackingOptions } from "./plan_jobs.ts";
import { runSweep, writeResults } from "./run_sweep.ts";
import { startSweepShards } from "./start_sweep_shards.ts";
import { openSweep, readSweep, type StoredSweep, type Sweep, sweepIn } from "./sweep.ts";

/** Settings of all points, as a command line of `train` gives them. */
export interface BaseSettings {
  /** Weakest first. */
  readonly asked: readonly Assignment[];
  readonly preset: string | undefined;
  /** Files of code that it names. */
  readonly files: EntryFiles;
}

/** What is to be done with a sweep; undefined: its default. */
export interface SweepRequest extends EngineOptions {
  /** The file of a new sweep, or of one that goes on. */
  readonly file: string | undefined;
  /** The folder of a sweep that goes on. */
  readonly resume: string | undefined;
  readonly folder: string | undefined;
  readonly base: BaseSettings;
  readonly seeds: string | undefined;
  readonly trials: number | undefined;
  readonly searchSeed: number | undefined;
  readonly networks: number | undefined;
  readonly jobs: number | undefined;
  readonly threads: number;
  readonly device: DeviceChoice;
  readonly progress: DisplayMode;
  readonly retry: boolean;
  readonly dryRun: boolean;
  readonly report: boolean;
}

/**
 * Performs what is asked for.
 *
 * @returns the exit code.
 * @throws UsageError for a file, folder or setting that cannot be used.
 */
export async function performSweep(request: SweepRequest): Promise<number> {
  const { device, threads } = request;
  const sweep = await requestedSweep(request);
  const { folder } = sweep;
  const option = request.resume === undefined ? "--folder" : "--resume";
  checkFolder(folder, { mustExist: request.report, option });
  await sweepBefore(sweep);
  if (!request.dryRun) checkMayWrite(folder, { option });
  if (request.report) {
    await writeResults(await openSweep(folder));
    return exitCodes.ok;
  }
  checkEngineOptions(request);
  const engine = otherEngine(request);
  const shard = request.shard === undefined ? undefined : readShard(request.shard);
  const cores = Math.max(1, Math.floor(navigator.hardwareConcurrency / threads));
  const atOnce = request.jobs ?? (device === "gpu" || engine || shard ? 1 : cores);
  const elsewhere = engine && { ...request, engine, atOnce };
  for (const note of sweep.file.notes) console.error(note);
  if (request.dryRun && elsewhere) {
    return await startSweepShards(sweep, await plannedJobs(sweep, elsewhere), elsewhere);
  }
  if (request.dryRun) return await describe(sweep, { ...request, atOnce });
  if (engine !== "commands") checkMayStart("sweep");
  if (request.resume === undefined || request.trials !== undefined) {
    await withBackend(
      request,
      (backend) => createSweep(sweep, { networks: request.networks, atOnce, backend }),
    );
  }
  const list = readJobs(sweep.paths.jobs);
  if (request.retry) { for (const job of list.jobs) forgetFailure(sweep, job); }
  const display = createJobsDisplay({ mode: request.progress });
  display.message(sweepLine(sweep, list, atOnce));
  if (elsewhere) return await startSweepShards(sweep, list, elsewhere);
  return await runSweep(sweep, {
    atOnce,
    device: { device, threads },
    display,
    isShard: shard !== undefined,
    // Tasks of about the same length; a search has no end that is known.
    most: shard && list.isComplete ? shardCount(list.jobs.length, shard.of) : undefined,
  });
}

/** The sweep that is asked for, which may not be stored yet. */
async function requestedSweep(request: SweepRequest): Promise<Sweep> {
  const { file, resume, folder, base, trials } = request;
  if (resume !== undefined) {
    const { seeds, searchSeed, networks } = request;
    const isMore = file ?? folder ?? seeds ?? searchSeed ?? networks ?? base.preset;
    if (isMore !== undefined || base.asked.length > 0) {
      throw new UsageError(
        "--resume: a sweep that goes on has its file, settings, seeds and runs already",
      );
    }
    return withTrials(await openSweep(resume), trials);
  }
  if (file === undefined) {
    throw new UsageError("sweep: expected the file of a sweep, or --resume DIR");
  }
  const stored: Omit<StoredSweep, "seeds"> = {
    version: 1,
    file: { name: file, text: readText(file) },
    settings: base.asked.filter((setting) => !isSeeds(setting)).map(withPath(base.files)),
    ...base.preset === undefined ? {} : { preset: base.preset },
    code: Object.fromEntries(
      Object.entries(base.files).map(([section, path]) => [section, resolve(path)]),
    ),
    search_seed: request.searchSeed ?? 1,
    ...trials === undefined ? {} : { trials },
  };
  const read = await readSweep(stored);
  const name = read.file.name ?? basename(file).replace(/\.[^.]*$/, "");
  const seeds = seedsOf(request, read.file);
  return sweepIn(folder ?? join("runs", usableName(name)), { ...stored, seeds }, read);
}

/** A sweep with another number of points at most. */
const withTrials = (sweep: Sweep, trials: number | undefined): Sweep =>
  trials === undefined ? sweep : {
    ...sweep,
    stored: { ...sweep.stored, trials },
    file: { ...sweep.file, runCap: trials },
  };

/** @throws UsageError */
function readText(path: string): string {
  try {
    return decodeText(readUserFile(path, MOST_BYTES));
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}

/** Most bytes of the file of a sweep. */
const MOST_BYTES = 2 ** 20;

/** Seeds as typed, or of the file, or of the settings of all points, or 1. */
function seedsOf({ seeds, base }: SweepRequest, file: SweepFile): readonly number[] {
  const asked = base.asked.filter(isSeeds);
  if (seeds !== undefined) return readSeeds(seeds);
  return file.seeds ?? resolveConfig(asked).config.training.seeds;
}

const isSeeds = ({ section, key }: Assignment) => section === "training" && key === "seeds";

/** Names files of code by their absolute paths: the processes of the sweep may be elsewhere. */
const withPath = (files: EntryFiles) => (setting: Assignment): Assignment => {
  const section = entrySections.find((section) => section === setting.section);
  const file = section && files[section];
  return setting.key === "name" && file !== undefined && setting.value === file
    ? { ...setting, value: resolve(file) }
    : setting;
};

type Planned = SweepRequest & Pick<PackingOptions, "networks" | "atOnce">;

/** The jobs of a sweep that may not be stored yet, or with fewer points. */
async function plannedJobs(sweep: Sweep, { atOnce, networks, ...request }: Planned) {
  const before = await sweepBefore(sweep);
  const list = before && readJobs(sweep.paths.jobs);
  if (list && !hasMorePoints(sweep, before)) return list;
  return await withBackend(
    request,
    (backend) => Promise.resolve(firstJobs(sweep, { networks, atOnce, backend }, list?.jobs)),
  );
}

async function describe(sweep: Sweep, request: Planned): Promise<number> {
  const { atOnce } = request;
  const list = await plannedJobs(sweep, request);
  await withBackend(request, (backend) => {
    const standingOf = createStandings(sweep);
    const lines = describeSweep(sweep, list, { atOnce, backend, standingOf });
    console.log(lines.join("\n"));
    return Promise.resolve();
  });
  return exitCodes.ok;
}

/** Opens a device while something is asked of it. */
async function withBackend<T>(
  { device, threads }: Pick<SweepRequest, "device" | "threads">,
  use: (backend: Awaited<ReturnType<typeof openBackend>>["backend"]) => Promise<T>,
): Promise<T> {
  const { backend } = await openBackend({ device, threads });
  try {
    return await use(backend);
  } finally {
    backend.close();
  }
}
