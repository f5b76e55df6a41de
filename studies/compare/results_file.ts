/** `results.json`: the numbers of the report. */
import type { Comparison } from "./comparison.ts";
import type { ComparisonResults } from "./results/comparison_results.ts";
import type { Difference } from "./results/differences.ts";
import type { OverSeeds } from "./results/over_seeds.ts";
import { headlineOf, isAsPublished } from "./verdicts.ts";

export function resultsFile(
  comparison: Comparison,
  { rows, differences, alignments }: ComparisonResults,
): object {
  return {
    comparison: comparison.name,
    headline: headlineOf(rows),
    criterion: comparison.criterion,
    baseline: comparison.baseline,
    rows: rows.map((judged) => {
      const { result, reached, norms, speed } = judged;
      return {
        name: result.row.name,
        title: result.row.title,
        settings: result.row.settings,
        outcome: judged.outcome,
        published: result.row.published?.outcome ?? null,
        as_published: isAsPublished(judged) ?? null,
        is_control: judged.isControl,
        score: { metric: result.score, ...overSeeds(judged.score) },
        loss: overSeeds(judged.loss),
        chance: result.chance ?? null,
        ceiling: judged.ceiling ?? null,
        guessing: judged.guess ?? null,
        is_above_ceiling: judged.isAboveCeiling,
        best_loss: result.bestLoss ?? null,
        diverged: judged.diverged,
        good: judged.good,
        reached: {
          seeds: reached.count,
          sequences: finite(reached.sequences),
          seconds: finite(reached.seconds),
        },
        weight_norm: { high: norms.weightHigh ?? null, low: norms.weightLow ?? null },
        update_norm: { high: norms.updateHigh ?? null, low: norms.updateLow ?? null },
        updates_per_second: finite(speed),
        seeds: result.seeds.map(({ seed, run, updates, hasDiverged, score, loss }) => ({
          ...{ seed, run, updates },
          diverged: hasDiverged,
          score: finite(score),
          loss: finite(loss),
        })),
      };
    }),
    score_differences: differences.score.map(differenceOf),
    loss_differences: differences.loss.map(differenceOf),
    alignments: alignments.map(({ result, layers }) => ({
      row: result.row.name,
      layers: layers.map(({ layer, before, after }) => ({
        layer,
        before: before.map(finite),
        after: after.map(finite),
      })),
    })),
  };
}

const differenceOf = ({ result, pairs, mean, interval, p, corrected }: Difference) => ({
  row: result.row.name,
  ...{ pairs, mean },
  interval_95: interval ?? null,
  p,
  p_corrected: corrected,
});

const finite = (value: number): number | null => Number.isFinite(value) ? value : null;

const overSeeds = ({ mean, interval }: OverSeeds) => ({
  mean: finite(mean),
  interval_95: interval ?? null,
});
