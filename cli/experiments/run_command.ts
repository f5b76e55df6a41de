/** What `experiments` does, from its options to its exit code. */
import { join } from "node:path";
import { type DeviceName, openBackend } from "../../core/backends/open_backend.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { convertText } from "../../config/convert_text.ts";
import { didYouMean } from "../../config/did_you_mean.ts";
import { trainingConfig } from "../../config/run_config.ts";
import { UsageError } from "../../config/usage_error.ts";
import { describeJobs } from "../../studies/jobs/dry_run.ts";
import type { Configuration, Experiment } from "../../studies/experiment.ts";
import { listJobs } from "../../studies/jobs/jobs.ts";
import { createJobsDisplay, type DisplayMode } from "../../studies/jobs/jobs_display.ts";
import { experiments } from "../../studies/mod.ts";
import { runExperiment, writeReports } from "../../studies/jobs/run_experiment.ts";

export interface ExperimentArguments {
  readonly name: string | undefined;
  readonly out: string | undefined;
  readonly iterations: number | undefined;
  readonly seeds: string | undefined;
  readonly jobs: number | undefined;
  readonly threads: number;
  readonly only: string | undefined;
  readonly device: DeviceName;
  readonly sideBySide: boolean;
  readonly progress: DisplayMode;
  readonly dryRun: boolean;
  readonly list: boolean;
  readonly report: boolean;
  readonly published: boolean;
  readonly untilReference: boolean;
}

export async function runCommand(
  values: ExperimentArguments,
  { table = experiments }: { table?: Readonly<Record<string, Experiment>> } = {},
): Promise<number> {
  try {
    return await perform(values, table);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(`error: ${message.replace(/\s*\n\s*/g, " ")}`);
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failure;
  }
}

async function perform(
  values: ExperimentArguments,
  table: Readonly<Record<string, Experiment>>,
): Promise<number> {
  if (values.list && values.name === undefined) {
    for (const { name, summary } of Object.values(table)) console.log(`${name}  ${summary}`);
    return exitCodes.ok;
  }
  const experiment = trainedAs(findExperiment(values.name, table), values);
  const chosen = chooseConfigurations(experiment, values);
  if (values.list) {
    console.log(listing(experiment, chosen).join("\n"));
    return exitCodes.ok;
  }
  const out = values.out ?? join("runs", experiment.name);
  checkFolder(out, { mustExist: values.report });
  if (values.report) {
    await writeReports(experiment, out);
    return exitCodes.ok;
  }
  const jobs = listJobs(chosen, {
    seeds: values.seeds === undefined ? experiment.seeds ?? [1] : readSeeds(values.seeds),
    sideBySide: values.sideBySide || experiment.sideBySide === true,
    out,
  });
  const { device, threads, iterations = experiment.iterations, untilReference } = values;
  const cores = Math.max(1, Math.floor(navigator.hardwareConcurrency / threads));
  const atOnce = values.jobs ?? (device === "gpu" ? 1 : cores);
  if (values.dryRun) {
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
  const display = createJobsDisplay({ mode: values.progress });
  return await runExperiment(experiment, jobs, {
    iterations,
    untilReference,
    device,
    threads,
    out,
    atOnce,
    display,
  });
}

function findExperiment(
  name: string | undefined,
  table: Readonly<Record<string, Experiment>>,
): Experiment {
  const known = Object.keys(table);
  if (name === undefined) {
    throw new UsageError(`experiments: expected the name of one: ${known.join(", ")}`);
  }
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found) return found;
  throw new UsageError(
    `experiments: none is named ${JSON.stringify(name)}${didYouMean(name, known)}; ` +
      `there are ${known.join(", ")}`,
  );
}

/** The experiment itself, or its form with the published training. */
function trainedAs(experiment: Experiment, { published }: ExperimentArguments): Experiment {
  if (!published) return experiment;
  if (experiment.published) return experiment.published;
  throw new UsageError(`--published: ${experiment.name} has no published training of its own`);
}

/** Those asked for, in the order of the experiment. */
function chooseConfigurations(
  { name, configurations, studies = [] }: Experiment,
  { only, iterations }: Pick<ExperimentArguments, "only" | "iterations">,
): readonly Configuration[] {
  const all = iterations === undefined
    ? configurations
    : configurations.map((one) => ({ ...one, iterations }));
  if (only === undefined) return all;
  const asked = only.split(",").map((part) => part.trim());
  const known = [...studies, ...configurations].map((one) => one.name);
  const unknown = asked.find((one) => !known.includes(one));
  if (unknown !== undefined) {
    throw new UsageError(
      `--only: ${name} has no ${studies.length > 0 ? "study or " : ""}configuration ` +
        JSON.stringify(unknown) +
        `${didYouMean(unknown, known)}; --list shows them`,
    );
  }
  return all.filter((one) =>
    asked.includes(one.name) || one.studies?.some((study) => asked.includes(study))
  );
}

/** A line for each configuration, below its studies where there are some. */
function listing({ studies = [] }: Experiment, chosen: readonly Configuration[]): string[] {
  const width = Math.max(...chosen.map(({ name }) => name.length));
  const lines = (some: readonly Configuration[], indent = "") =>
    some.map(({ name, title }) => `${indent}${name.padEnd(width)}  ${title}`);
  if (studies.length === 0) return lines(chosen);
  return studies.flatMap(({ name, title }) => {
    const own = chosen.filter((one) => one.studies?.includes(name));
    return own.length === 0 ? [] : [`${name}: ${title}`, ...lines(own, "  ")];
  });
}

function readSeeds(text: string): number[] {
  const schema = trainingConfig.shape.seeds;
  const converted = convertText(text, schema);
  const seeds = "value" in converted ? converted.value : undefined;
  // Before the schema, which would not say which one.
  if (Array.isArray(seeds)) {
    const twice = seeds.find((seed, index) => seeds.indexOf(seed) !== index);
    if (twice !== undefined) throw new UsageError(`--seeds: ${twice} is given twice`);
  }
  // Nothing would be parsed as the default.
  const parsed = seeds === undefined ? undefined : schema.safeParse(seeds);
  if (!parsed?.success) {
    throw new UsageError(
      `--seeds: expected integers from 0 to 4294967295 with commas between, got ` +
        JSON.stringify(text),
    );
  }
  return parsed.data;
}

function checkFolder(out: string, { mustExist }: { mustExist: boolean }): void {
  if (out === "") throw new UsageError("--out: expected the name of a folder, got an empty text");
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(out);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (mustExist) throw new UsageError(`--out ${out}: there is no such folder`);
    return;
  }
  if (!info.isDirectory) throw new UsageError(`--out ${out}: is a file, expected a folder`);
}
