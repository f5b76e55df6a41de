/** Judges the networks of a run. All requests are checked before the device is opened. */
import type { Backend } from "../../core/backends/backend.ts";
import type { OnDevice } from "../../config/build/on_device.ts";
import { replicasOf } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { chooseReplicas } from "../../store/choose_replicas.ts";
import { type CheckpointChoice, readJudgedCheckpoint } from "../../store/judged_checkpoint.ts";
import { lineageLines, readLineage } from "../../store/lineage.ts";
import type { newest } from "../../store/stored_network.ts";
import { runName } from "../../store/stored_run.ts";
import { chooseCurve, chooseNetworks } from "./choose_networks.ts";
import type { LevelEvaluation, SequenceEvaluation } from "./evaluation.ts";
import type { FastWeightMode } from "../../updaters/fast_weights.ts";
import { checkFastWeights } from "./check_fast_weights.ts";
import { bounds } from "../../tasks/scene_bounds.ts";
import { firstMovies, judgeMovies, type MovieSet, tasksOf } from "./judge_movies.ts";
import { judgeSequences } from "./judge_sequences.ts";

/** Which networks of a run to judge, and on which device. */
export interface EvaluationRequest {
  readonly config: RunConfig;
  /** Only replicas with this seed; undefined: all seeds. */
  readonly seed: number | undefined;
  /** Number of the replica, from 0; undefined: all. */
  readonly replica: number | undefined;
  /** Which checkpoint; undefined: the best networks if the run keeps them, or else the newest. */
  readonly checkpoint?: CheckpointChoice | undefined;
  readonly device: OnDevice;
  /** Receives a line on what is being judged. */
  readonly say: (line: string) => void;
}

/** What to judge in a run whose task makes movies with an interval R. */
export interface MovieRequest {
  /** See `Choice` for the defaults of levels and intervals. */
  readonly levels: readonly number[] | typeof newest | undefined;
  readonly intervals: readonly number[] | undefined;
  /** Scenes of each movie. */
  readonly scenes: number;
  /** Undefined: no curve; without intervals: the default ones. */
  readonly curve: { readonly intervals: readonly number[] | undefined } | undefined;
  /** Scenes of each movie of the curve. */
  readonly curveScenes: number;
}

/**
 * Judges networks of a run on held-out movies, each at its own R or at the R that are asked for.
 *
 * @throws UsageError, DamagedFileError, NoAdapterError
 */
export async function evaluateMovies(
  folder: string,
  request: EvaluationRequest & MovieRequest,
): Promise<LevelEvaluation> {
  const { config, levels, intervals, scenes, curve, curveScenes, device, say } = request;
  const chosen = chosenOf(request);
  const movies: MovieSet = {
    firstMovie: firstMovies.levels,
    scenes,
    scenesOption: "--scenes",
    judgings: chooseNetworks(folder, { config, levels, intervals, ...chosen }),
  };
  const curveMovies: MovieSet = {
    firstMovie: firstMovies.curve,
    scenes: curveScenes,
    scenesOption: "--curve-scenes",
    judgings: curve
      ? chooseCurve(folder, { config, levels, ...chosen, longest: curveScenes - 1, ...curve })
      : [],
  };
  // Refuses what cannot be judged, before the device is opened.
  for (const set of [movies, curveMovies]) tasksOf(config, set);
  return await device(async (backend) => ({
    kind: "levels",
    ...describeRun(folder, { config, backend }),
    bounds,
    movies: await judgeMovies(movies, { config, backend, say }),
    curve: await judgeMovies(curveMovies, { config, backend, say }),
  }));
}

/**
 * Judges the newest checkpoint of a run on held-out sequences, for a task without movies.
 *
 * @param request.sequences for each replica.
 * @param request.fastWeights judges them again with fast weights treated in these ways; default: none.
 * @throws UsageError, DamagedFileError, NoAdapterError
 */
export async function evaluateSequences(
  folder: string,
  request: EvaluationRequest & {
    readonly sequences: number;
    readonly fastWeights?: readonly FastWeightMode[] | undefined;
  },
): Promise<SequenceEvaluation> {
  const { config, sequences, fastWeights = [], device, say } = request;
  const { replicas, chosen } = chosenOf(request);
  if (fastWeights.length > 0) checkFastWeights(config);
  const checkpoint = readJudgedCheckpoint(folder, config, request.checkpoint);
  return await device(async (backend) => ({
    kind: "sequences",
    ...describeRun(folder, { config, backend }),
    ...await judgeSequences(checkpoint, {
      ...{ config, backend, sequences, fastWeights, say },
      ...{ replicas, chosen },
    }),
  }));
}

function chosenOf({ seed, replica, config, checkpoint }: EvaluationRequest) {
  const replicas = replicasOf(config);
  return { replicas, chosen: chooseReplicas({ replicas, seed, replica }), checkpoint };
}

function describeRun(
  folder: string,
  { config: { task, model, updater }, backend }: { config: RunConfig; backend: Backend },
) {
  const lineage = lineageLines(readLineage(folder));
  return {
    run: runName(folder),
    task: task.name,
    model: model.name,
    updater: updater.name,
    device: `${backend.name}, ${backend.description}`,
    ...lineage.length === 0 ? {} : { lineage },
  };
}
