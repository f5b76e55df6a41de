/** Which networks of a run have exploded: their last loss is not finite, or above a threshold. */
import { factsOf, formatMetric } from "../metric_words.ts";
import type { RunFiles } from "../run_files.ts";
import { measureOf } from "./headline.ts";

/**
 * Times the loss of a uniform guess. What knows nothing stays near that loss, and what grows without bound is soon
 * far above: in the map of `docs/stability_map.yaml` thousands of times.
 */
const GUESSES = 2;

/** The networks that have exploded, and what that means in this run. */
export interface Exploded {
  /** [P]: 1 or 0. */
  readonly values: readonly number[];
  /** The threshold; undefined: only a loss that is not finite counts. */
  readonly loss: number | undefined;
  /** The sequences of that loss, such as "on fresh sequences". */
  readonly where: string;
}

/** Undefined where the run has logged no loss, or has neither a threshold nor a loss that is not finite. */
export function explodedNetworks(files: RunFiles): Exploded | undefined {
  const measure = measureOf(files, "loss");
  if (!measure) return undefined;
  const loss = thresholdOf(files);
  const { where, values } = measure;
  const isExploded = (value: number) =>
    !Number.isFinite(value) || (loss !== undefined && value > loss);
  if (loss === undefined && !values.some(isExploded)) return undefined;
  return { values: values.map((value) => Number(isExploded(value))), loss, where };
}

/** As the config says, else by the loss of a guess. */
function thresholdOf({ config, figures: { bounds } }: RunFiles): number | undefined {
  const { exploded_loss } = (config["training"] ?? {}) as Record<string, unknown>;
  if (typeof exploded_loss === "number" && exploded_loss > 0) return exploded_loss;
  return bounds.guess_loss === undefined ? undefined : GUESSES * bounds.guess_loss;
}

/** What it is to have exploded, such as "a loss on fresh sequences above 2 nats, or not finite". */
export function explodedWords(files: RunFiles, { loss, where }: Exploded): string {
  if (loss === undefined) return `a loss ${where} that is not finite`;
  return `a loss ${where} above ${formatMetric(factsOf(files, "loss"), loss)}, or not finite`;
}
