/** Judges the networks of a stored run, as the command `evaluate` does. */
import { parseFastWeights } from "../analysis/evaluate/check_fast_weights.ts";
import { defaults } from "../analysis/evaluate/defaults.ts";
import type { Evaluation } from "../analysis/evaluate/evaluation.ts";
import { evaluateMovies, evaluateSequences } from "../analysis/evaluate/evaluate_run.ts";
import { hasMovies } from "../analysis/evaluate/movie_task.ts";
import { onDevice } from "../config/build/on_device.ts";
import type { RunConfig } from "../config/run_config.ts";
import { UsageError } from "../config/usage_error.ts";
import { evaluationFiles, writeEvaluation } from "../report/evaluation/write_evaluation.ts";
import { checkTargets } from "../store/check_targets.ts";
import type { EvaluationChoice } from "./stored_run.ts";

const movieOptions = ["levels", "intervals", "scenes", "curve", "curveScenes"] as const;

/** @throws UsageError, DamagedFileError, NoAdapterError */
export async function evaluateStored(
  folder: string,
  choice: EvaluationChoice & { readonly config: RunConfig },
): Promise<Evaluation> {
  const { config, seed, replica, checkpoint, threads, write = false } = choice;
  const isMovie = hasMovies(config);
  const unwanted = (isMovie ? ["sequences", "fastWeights"] as const : movieOptions)
    .find((name) => choice[name] !== undefined);
  if (unwanted !== undefined) {
    const what = isMovie ? "movies, `scenes` says how long" : "no movies with levels";
    throw new UsageError(
      `${unwanted}: it has no meaning here: the sequences of this run are ${what}`,
    );
  }
  if (write) checkTargets(folder, Object.values(evaluationFiles(folder)));
  const { device = "auto", allowSoftwareAdapter = false } = choice;
  const quiet = () => {};
  const request = {
    config,
    seed,
    replica,
    checkpoint,
    device: onDevice({ device, allowSoftwareAdapter, threads }, quiet),
    say: quiet,
  };
  const evaluation = isMovie
    ? await evaluateMovies(folder, { ...request, ...moviesOf(choice) })
    : await evaluateSequences(folder, {
      ...request,
      sequences: choice.sequences ?? defaults.sequences,
      fastWeights: parseFastWeights(choice.fastWeights ?? [], "fastWeights"),
    });
  if (write) await writeEvaluation(folder, evaluation);
  return evaluation;
}

function moviesOf({ levels, intervals, scenes, curve, curveScenes }: EvaluationChoice) {
  const isDrawn = curve !== undefined && curve !== false;
  return {
    levels,
    intervals,
    scenes: scenes ?? defaults.scenes,
    curve: isDrawn ? { intervals: curve === true ? undefined : curve } : undefined,
    curveScenes: curveScenes ?? defaults.curveScenes,
  };
}
