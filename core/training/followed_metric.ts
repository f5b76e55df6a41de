/** A metric that a training follows from row to row, to know the best network or when none gets better. */
import { didYouMean } from "../similar_name.ts";
import { metricsOf } from "../losses/metric_facts.ts";
import type { Loss } from "../losses/loss.ts";
import type { Program } from "../program/program.ts";
import type { Values } from "../backends/backend.ts";
import type { Metric } from "./sums.ts";

/** A metric of the rows, and which of its values are good. */
export interface FollowedMetric {
  /** As rows have it, such as `eval/accuracy`. */
  readonly name: string;
  /** Which values are good. */
  readonly better: "more" | "less";
}

/** How each replica stands in a metric; all arrays are [P]. */
export interface Standing {
  /** The best value so far; NaN: there was none yet. */
  readonly values: number[];
  /** Iterations done when it was measured. */
  readonly iterations: number[];
  /** Rows since then. */
  readonly rows: number[];
}

/** The best networks of a run. */
export interface BestNetworks {
  /** When each was the best, and by which value. */
  readonly standing: Standing;
  /** Persistent slots, [P, B?, ...shape]: each replica as it was then; one without a value as it was last. */
  readonly tensors: ReadonlyMap<string, Values>;
}

/** The standing before the first row. */
export const noStanding = (replicas: number): Standing => ({
  values: new Array(replicas).fill(NaN),
  iterations: new Array(replicas).fill(0),
  rows: new Array(replicas).fill(0),
});

/**
 * Takes the values of a row into a standing.
 *
 * @param row.least what a value has to be better by.
 * @returns the replicas that are better than ever.
 */
export function follow(
  standing: Standing,
  { metric, better, iteration, least = 0 }: {
    metric: Metric;
    better: FollowedMetric["better"];
    iteration: number;
    least?: number;
  },
): number[] {
  const improved: number[] = [];
  metric.forEach((value, replica) => {
    const best = standing.values[replica]!;
    const gain = better === "more" ? value - best : best - value;
    const isBest = Number.isFinite(value) && (Number.isNaN(best) || gain > least);
    standing.rows[replica] = isBest ? 0 : standing.rows[replica]! + 1;
    if (!isBest) return;
    standing.values[replica] = value;
    standing.iterations[replica] = iteration;
    improved.push(replica);
  });
  return improved;
}

/**
 * The metric that a text means: `eval/accuracy`; `accuracy`, of held-out sequences if there are any; or
 * `min:plastic/gradient_norm`, of a metric that does not say itself what is good.
 *
 * @throws RangeError if rows have no such metric, or nobody knows what is good.
 *
 * @example
 * followedMetric("accuracy", { loss: task.loss, program, isJudged: true }); // { name: "eval/accuracy", better: "more" }
 */
export function followedMetric(
  text: string,
  { loss, program, isJudged }: {
    loss: Loss;
    program: Pick<Program, "metrics">;
    /** Whether held-out sequences are judged with every row. */
    isJudged: boolean;
  },
): FollowedMetric {
  const [, direction, typed = text] = /^(min|max):(.*)$/.exec(text) ?? [];
  const splits = isJudged ? ["eval", "train"] : ["train"];
  const known = new Map<string, "more" | "less" | undefined>([
    ...splits.flatMap((split) =>
      metricsOf(loss).map(([name, { better }]) => [`${split}/${name}`, better] as const)
    ),
    ...(program.metrics.get("measure") ?? []).map((name) =>
      [`plastic/${name}`, undefined] as const
    ),
  ]);
  const name = known.has(typed) ? typed : `${splits[0]}/${typed}`;
  if (!known.has(name)) {
    const names = [...known.keys()];
    const why = typed.startsWith("eval/") && !isJudged ? " (no held-out sequences are judged)" : "";
    throw new RangeError(
      `expected a metric of the rows, got ${JSON.stringify(typed)}${
        why || didYouMean(typed, names)
      }; ` +
        `they are ${names.join(", ")}`,
    );
  }
  const better = direction === undefined ? known.get(name) : direction === "max" ? "more" : "less";
  if (better !== undefined) return { name, better };
  throw new RangeError(
    `${name} is neither good nor bad by itself: write min:${name} or max:${name}`,
  );
}
