/** `results.json`: the numbers of the tables and findings of the report. Curves are in the runs. */
import {
  absoluteReaction,
  absoluteRetention,
  activity,
  cueShare,
  cueTests,
  examined,
  fixedShare,
  flipsOf,
  type Matrix,
  matrixNames,
  type Measure,
  ofCue,
  recallShare,
  signedRetention,
  spuriousStates,
  startShares,
  worstRetention,
} from "./measures.ts";
import type { AttractorResults, PointResult } from "./results.ts";
import { headlineOf } from "./verdict.ts";
import { findingOf } from "./findings.ts";
import { studies } from "./studies.ts";

const matrices = Object.keys(matrixNames) as Matrix[];

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
    networks: networks.map(({ seed, neurons, memories, outcome, updates, runUpdates }) => ({
      seed,
      neurons,
      memories,
      outcome,
      updates,
      updates_of_run: runUpdates,
    })),
    absolute_reaction: measure(absoluteReaction(point)),
    retention: measure(signedRetention(point)),
    absolute_retention: measure(absoluteRetention(point)),
    worst_memory: measure(worstRetention(point)),
    activity: measure(activity(point)),
    fixed_points: Object.fromEntries(
      matrices.map((matrix) => [matrix, fixedShare(point, matrix) ?? null]),
    ),
    recall: Object.fromEntries(
      matrices.map((matrix) => [
        matrix,
        flipsOf(point).map((flips) => ({
          flips,
          ...recallShare(point, { flips, matrix }) ?? { share: null },
        })),
      ]),
    ),
    cues: cueTests([point]).map((test) => ({
      ...test,
      reaction: measure(ofCue(point, test, (cue) => cue.reaction)),
      retention: measure(ofCue(point, test, (cue) => cue.retention)),
      absolute_overlap: measure(ofCue(point, test, (cue) => cue.absolute_overlap)),
      exact: cueShare(point, test) ?? null,
    })),
    random_starts: {
      ...Object.fromEntries(
        Object.entries(startShares).map(([kind, share]) => [kind, measure(share(point))]),
      ),
      spurious_states: measure(spuriousStates(point)),
    },
    rules: Object.fromEntries(
      (["hebb", "pseudo_inverse"] as const).map((rule) => [rule, {
        correlation: measure(examined(point, (network) => network[rule]?.correlation ?? undefined)),
        scale: measure(examined(point, (network) => network[rule]?.scale ?? undefined)),
      }]),
    ),
  };
}

const measure = (value: Measure | undefined) =>
  value ? { mean: value.mean, interval_95: value.interval ?? null, values: value.values } : null;
