/** `results.json`: the numbers of the report. */
import {
  absoluteReaction,
  absoluteRetention,
  fixedShare,
  flipsOf,
  type Measure,
  recallShare,
  signedRetention,
  worstRetention,
} from "./measures.ts";
import type { AttractorResults, PointResult } from "./results.ts";
import { headlineOf } from "./verdict.ts";
import { findingOf } from "./findings.ts";
import { studies } from "./studies.ts";

export const resultsFile = (results: AttractorResults): object => ({
  experiment: "attractor",
  headline: headlineOf(results),
  training_seconds: results.seconds,
  findings: Object.fromEntries(studies.map(({ name }) => [
    name,
    findingOf(
      name,
      results.points.filter(({ configuration }) => configuration.studies.includes(name)),
    ),
  ])),
  points: results.points.map(pointOf),
});

function pointOf(point: PointResult): object {
  const { configuration: { name, studies, sweep, published }, value, networks } = point;
  return {
    name,
    studies,
    ...sweep === undefined ? {} : { [sweep]: value ?? null },
    ...published === undefined ? {} : { published },
    networks: networks.map(({ seed, neurons, memories, outcome, updates }) => ({
      seed,
      neurons,
      memories,
      outcome,
      updates,
    })),
    absolute_reaction: measure(absoluteReaction(point)),
    retention: measure(signedRetention(point)),
    absolute_retention: measure(absoluteRetention(point)),
    worst_memory: measure(worstRetention(point)),
    fixed_points: Object.fromEntries(
      (["learned", "hebb", "pseudo_inverse"] as const)
        .map((matrix) => [matrix, fixedShare(point, matrix) ?? null]),
    ),
    recall: Object.fromEntries(
      (["learned", "hebb", "pseudo_inverse"] as const).map((matrix) => [
        matrix,
        flipsOf(point).map((flips) => ({
          flips,
          ...recallShare(point, { flips, matrix }) ?? { share: null },
        })),
      ]),
    ),
  };
}

const measure = (found: Measure | undefined) =>
  found ? { mean: found.mean, interval_95: found.interval ?? null, values: found.values } : null;
