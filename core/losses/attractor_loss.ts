import type { Value } from "../program/elementwise.ts";
import { add, less, lessEqual, minimum, mul, where } from "../program/language.ts";
import type { Loss } from "./loss.ts";
import * as metric from "./metric_kinds.ts";

/** Weights of the terms of the loss, and what its metrics count. */
export interface AttractorWeights {
  /** Weight of the retention. */
  readonly alpha: number;
  /** Weight of the reaction. */
  readonly beta: number;
  /** Weight of the distance from a fixed point. */
  readonly gamma: number;
  /** Weight of what the bits lack of their margin. */
  readonly delta: number;
  /** Weight of the activity. */
  readonly epsilon: number;
  /** T; the activity is the mean over these steps. */
  readonly steps: number;
  /** Retention and reaction from which a pattern counts as kept. */
  readonly kept: number;
}

/**
 * Judges a network that holds a pattern. At the last step of a sequence, its loss is
 *
 *   -alpha · retention - beta · reaction + gamma · distance from a fixed point
 *   + delta · what the bits lack of their margin
 *
 * and every step adds its share of epsilon · the mean activity.
 *
 * Reads the states `retention` and `reaction` and the observed values `fixed_point_error`,
 * `margin_shortfall`, `wrong_bits` and `activity` of the model, all scalar. Input, scalar: `last` (1 at
 * the last step of a sequence, else 0).
 *
 * Metrics by sequence: `loss`, `retention`, `reaction`, `fixed_point_error`, `kept` (share of patterns
 * with retention and reaction of at least `kept`), `recovered` (share whose signs are all right at the
 * last step), `wrong_bits` (how many are not) and `activity` (mean h² of all steps and neurons).
 */
export const attractorLoss = (
  { alpha, beta, gamma, delta, epsilon, steps, kept }: AttractorWeights,
): Loss => ({
  name: "attractor",
  inputs: { last: [] },
  reads: {
    observed: ["fixed_point_error", "margin_shortfall", "wrong_bits", "activity"],
    state: ["retention", "reaction"],
  },
  step({ observed, state, targets: { last } }) {
    const atEnd = (x: Value | undefined): Value => where(last!, x!, 0);
    const [retention, reaction] = [atEnd(state.retention), atEnd(state.reaction)];
    const [distance, wrong] = [atEnd(observed.fixed_point_error), atEnd(observed.wrong_bits)];
    const activity = mul(observed.activity!, 1 / steps);
    const judged = add(
      mul(retention, -alpha),
      mul(reaction, -beta),
      mul(distance, gamma),
      mul(atEnd(observed.margin_shortfall), delta),
    );
    const loss = epsilon > 0 ? add(judged, mul(activity, epsilon)) : judged;
    return {
      loss,
      weight: last!,
      sums: {
        loss,
        sequences: last!,
        retention,
        reaction,
        distance,
        kept: atEnd(lessEqual(kept, minimum(retention, reaction))),
        activity,
        wrong,
        recovered: atEnd(less(wrong, 0.5)),
      },
    };
  },
  metrics: {
    loss: metric.mean("loss", {
      per: "sequences",
      summary: "Weighted sum of what is lost of the pattern; below 0 where overlaps are rewarded.",
    }),
    retention: metric.mean("retention", {
      per: "sequences",
      summary: "Overlap with the pattern while it is held.",
      better: "more",
    }),
    reaction: metric.mean("reaction", {
      per: "sequences",
      summary: "Overlap with the pattern while it is shown.",
      better: "more",
    }),
    fixed_point_error: metric.mean("distance", {
      per: "sequences",
      summary: "Distance of the pattern from a fixed point.",
      better: "less",
    }),
    kept: metric.share("kept", {
      per: "sequences",
      summary: "Share of patterns that are held: enough retention and enough reaction.",
    }),
    recovered: metric.share("recovered", {
      per: "sequences",
      summary: "Share of patterns whose bits are all right at the last step.",
    }),
    wrong_bits: {
      kind: "count",
      sums: ["wrong", "sequences"],
      summary: "Bits of a pattern that are wrong at the last step.",
      unit: "bits",
      better: "less",
    },
    activity: metric.mean("activity", {
      per: "sequences",
      summary: "Mean square of the activity, over all steps and neurons.",
    }),
  },
});
