/** What `evaluate` does, from its arguments to its exit code. */
import { join, relative } from "node:path";
import type { Backend } from "../../core/backends/backend.ts";
import { openBackend } from "../../core/backends/open_backend.ts";
import { writeFileAtomic } from "../../runs/files/atomic_file.ts";
import { DamagedFileError } from "../../runs/files/damaged_file_error.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { writeJsonFile } from "../../runs/files/json_file.ts";
import { replicasOf } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { parseOptions } from "../parse_options.ts";
import { UsageError } from "../../config/usage_error.ts";
import { chooseCurve, chooseNetworks } from "../../analysis/evaluate/choose_networks.ts";
import { drawEvaluation } from "../../report/evaluation/draw_evaluation.ts";
import { bounds, type Evaluation } from "../../analysis/evaluate/evaluation.ts";
import {
  firstMovies,
  judgeMovies,
  type MovieSet,
  tasksOf,
} from "../../analysis/evaluate/judge_movies.ts";
import { judgeSequences } from "../../analysis/evaluate/judge_sequences.ts";
import { hasMovies } from "../../analysis/evaluate/movie_task.ts";
import { createNarrator } from "./narrator.ts";
import {
  completeArguments,
  type EvaluateArguments,
  evaluateFooter,
  evaluateParser,
  movieRequest,
  sequenceRequest,
} from "./options.ts";
import { chooseReplicas } from "../../runs/choose_replicas.ts";
import { checkTargets } from "../../runs/check_targets.ts";
import { readNewestCheckpoint, readRunConfig, runName } from "../../runs/stored_run.ts";
import { textTable } from "../../report/evaluation/text_table.ts";

export async function runEvaluate(
  args: readonly string[],
  { name, summary }: { name: string; summary: string },
): Promise<number> {
  const complete = completeArguments(args);
  const parsed = parseOptions(evaluateParser, complete, { name, summary, footer: evaluateFooter });
  if ("exitCode" in parsed) return parsed.exitCode;
  const { values } = parsed;
  try {
    const evaluation = await evaluateRun(values);
    const path = await writeEvaluation(values.folder, evaluation);
    if (values.json) console.log(JSON.stringify(evaluation, null, 2));
    else console.log([...textTable(evaluation), `evaluation: ${path}`].join("\n"));
    return exitCodes.ok;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(`error: ${message.replace(/\s*\n\s*/g, " ")}`);
    const isUnusable = error instanceof UsageError || error instanceof DamagedFileError;
    return isUnusable ? exitCodes.usage : exitCodes.failure;
  }
}

/** Everything that can be refused is refused before the device is opened. */
async function evaluateRun(values: EvaluateArguments): Promise<Evaluation> {
  const config = readRunConfig(values.folder);
  checkTargets(Object.values(targetsOf(values.folder)));
  return hasMovies(config)
    ? await evaluateLevels(values, config)
    : await evaluateSequences(values, config);
}

async function evaluateLevels(values: EvaluateArguments, config: RunConfig): Promise<Evaluation> {
  const { folder } = values;
  const whose = chosenOf(values, config);
  const { levels, intervals, scenes, curve, curveScenes } = movieRequest(values);
  const movies: MovieSet = {
    firstMovie: firstMovies.levels,
    scenes,
    scenesOption: "--scenes",
    judgings: chooseNetworks(folder, { config, levels, intervals, ...whose }),
  };
  const overMany: MovieSet = {
    firstMovie: firstMovies.curve,
    scenes: curveScenes,
    scenesOption: "--curve-scenes",
    judgings: curve
      ? chooseCurve(folder, { config, levels, ...whose, longest: curveScenes - 1, ...curve })
      : [],
  };
  for (const set of [movies, overMany]) tasksOf(config, set);
  return await onDevice(values, async (backend, say) => ({
    kind: "levels",
    ...describeRun(folder, { config, backend }),
    bounds,
    movies: await judgeMovies(movies, { config, backend, say }),
    curve: await judgeMovies(overMany, { config, backend, say }),
  }));
}

async function evaluateSequences(
  values: EvaluateArguments,
  config: RunConfig,
): Promise<Evaluation> {
  const { folder } = values;
  const sequences = sequenceRequest(values);
  const whose = chosenOf(values, config);
  const checkpoint = readNewestCheckpoint(folder, config);
  return await onDevice(values, async (backend, say) => ({
    kind: "sequences",
    ...describeRun(folder, { config, backend }),
    ...await judgeSequences(checkpoint, { config, backend, sequences, ...whose, say }),
  }));
}

function chosenOf({ seed, replica }: EvaluateArguments, config: RunConfig) {
  const replicas = replicasOf(config);
  return { replicas, chosen: chooseReplicas({ replicas, seed, replica }) };
}

const describeRun = (
  folder: string,
  { config: { task, model, updater }, backend }: { config: RunConfig; backend: Backend },
) => ({
  run: runName(folder),
  task: task.name,
  model: model.name,
  updater: updater.name,
  device: `${backend.name}, ${backend.description}`,
});

/** @throws UsageError, NoAdapterError */
async function onDevice<T>(
  { device, allowSoftwareAdapter, threads }: EvaluateArguments,
  judge: (backend: Backend, say: (line: string) => void) => Promise<T>,
): Promise<T> {
  const choice = { device, allowSoftwareAdapter, ...threads === undefined ? {} : { threads } };
  const { backend, reason } = await openBackend(choice);
  console.error(reason);
  const narrator = createNarrator();
  try {
    return await judge(backend, narrator.say);
  } finally {
    narrator.close();
    backend.close();
  }
}

const targetsOf = (folder: string) => ({
  numbers: join(folder, "evaluation.json"),
  page: join(folder, "evaluation.html"),
});

/** @returns the path of the page, from here if it lies below. */
async function writeEvaluation(folder: string, evaluation: Evaluation): Promise<string> {
  const { numbers, page } = targetsOf(folder);
  writeJsonFile(numbers, evaluation);
  writeFileAtomic(page, await drawEvaluation(evaluation));
  const short = relative(Deno.cwd(), page);
  return short.startsWith("..") ? page : short;
}
