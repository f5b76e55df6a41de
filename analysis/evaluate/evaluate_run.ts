/** Judges the networks of a run. Everything that can be refused is, before the device is opened. */
import type { Backend } from "../../core/backends/backend.ts";
import type { OnDevice } from "../../config/build/on_device.ts";
import { replicasOf } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { chooseReplicas } from "../../store/choose_replicas.ts";
import type { newest } from "../../store/stored_network.ts";
import { readNewestCheckpoint, runName } from "../../store/stored_run.ts";
import { chooseCurve, chooseNetworks } from "./choose_networks.ts";
import type { LevelEvaluation, SequenceEvaluation } from "./evaluation.ts";
import { bounds } from "../../tasks/scene_bounds.ts";
import { firstMovies, judgeMovies, type MovieSet, tasksOf } from "./judge_movies.ts";
import { judgeSequences } from "./judge_sequences.ts";

/** Which networks of a run to judge, and where. */
export interface EvaluationRequest {
  readonly config: RunConfig;
  /** Undefined: those of all seeds. */
  readonly seed: number | undefined;
  /** Number of the replica, from 0; undefined: all. */
  readonly replica: number | undefined;
  readonly device: OnDevice;
  /** Told in a line what is being judged. */
  readonly say: (line: string) => void;
}

/** What to judge in a run whose task has movies of an R. */
export interface MovieRequest {
  readonly levels: readonly number[] | typeof newest | undefined;
  readonly intervals: readonly number[] | undefined;
  readonly scenes: number;
  /** Intervals undefined: the default ones. */
  readonly curve: { readonly intervals: readonly number[] | undefined } | undefined;
  readonly curveScenes: number;
}

/** @throws UsageError, DamagedFileError, NoAdapterError */
export async function evaluateMovies(
  folder: string,
  request: EvaluationRequest & MovieRequest,
): Promise<LevelEvaluation> {
  const { config, levels, intervals, scenes, curve, curveScenes, device, say } = request;
  const whose = chosenOf(request);
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
  return await device(async (backend) => ({
    kind: "levels",
    ...describeRun(folder, { config, backend }),
    bounds,
    movies: await judgeMovies(movies, { config, backend, say }),
    curve: await judgeMovies(overMany, { config, backend, say }),
  }));
}

/**
 * Judges a run whose task has no R.
 *
 * @throws UsageError, DamagedFileError, NoAdapterError
 */
export async function evaluateSequences(
  folder: string,
  request: EvaluationRequest & { readonly sequences: number },
): Promise<SequenceEvaluation> {
  const { config, sequences, device, say } = request;
  const whose = chosenOf(request);
  const checkpoint = readNewestCheckpoint(folder, config);
  return await device(async (backend) => ({
    kind: "sequences",
    ...describeRun(folder, { config, backend }),
    ...await judgeSequences(checkpoint, { config, backend, sequences, ...whose, say }),
  }));
}

function chosenOf({ seed, replica, config }: EvaluationRequest) {
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
