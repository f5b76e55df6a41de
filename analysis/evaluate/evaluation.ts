/** The result of an evaluation: the content of `evaluation.json`, and all that its page shows. */
import type { Loss } from "../../core/losses/loss.ts";
import { metricsOf } from "../../core/losses/metric_facts.ts";
import type { MetricFacts } from "../../core/losses/loss_metric.ts";
import { type Interval, wilsonInterval } from "../../core/numerics/statistics.ts";
import type { Estimate } from "../../core/training/sequence_counts.ts";
import { areJudged, metricValues, type Sums } from "../../core/training/sums.ts";
import type { Count } from "../../core/training/task.ts";
import type { FastWeightMode } from "../../updaters/fast_weights.ts";
import type { SceneBounds } from "../../tasks/scene_bounds.ts";

/**
 * A count out of a number of trials, with a 95 % interval of the share: over the sequences, or the blocks of
 * scenes of one movie, since trials inside one are not independent.
 */
export interface Proportion extends Count {
  /** null without trials. */
  readonly share: number | null;
  /** Lower end of the interval. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
}

/** One network on held-out sequences. */
export interface Judgement {
  /** Mean loss, in the unit that `metrics` says; null if it is not finite. */
  readonly loss: number | null;
  /** Metrics of the loss that are shares, by name. */
  readonly proportions: Readonly<Record<string, Proportion>>;
  /** Its other metrics, by name: means, correlations, ...; null if not finite. */
  readonly means: Readonly<Record<string, number | null>>;
  /** 95 % intervals of the loss and of `means` over the sequences, by name; only those that are known. */
  readonly intervals: Readonly<Record<string, Interval>>;
}

/** Which replica of a run was judged. */
export interface JudgedReplica {
  /** Its seed. */
  readonly seed: number;
  /** Its values of swept settings and its seed, such as "memories 10, seed 2". */
  readonly label: string;
}

/** The column of a table that tells replicas apart: their seeds, or the labels of a sweep. */
export function replicaColumn(
  replicas: readonly JudgedReplica[],
): readonly [name: string, of: (replica: JudgedReplica) => string] {
  return replicas.every(({ seed, label }) => label === `seed ${seed}`)
    ? ["seed", ({ seed }) => String(seed)]
    : ["replica", ({ label }) => label];
}

/** A network of a passed level, or of the newest checkpoint, on one movie. */
export interface MovieJudgement extends Judgement, JudgedReplica {
  /** The level that the network has passed, or is trained at: which network it is. */
  readonly level: number;
  /** false: it is the network of the newest checkpoint. */
  readonly passed: boolean;
  /** Updates done; for a network of a level, until it passed. */
  readonly updates: number;
  /** R of the movie. */
  readonly interval: number;
  /** Scenes of the movie. */
  readonly scenes: number;
  /** Accuracy of always answering "new"; NaN if the task does not say. */
  readonly chance: number;
  /** Whether all `bounds` are kept. */
  readonly holds: boolean;
}

/** The run that was judged. */
export interface JudgedRun {
  /** Name of the run's folder. */
  readonly run: string;
  /** Name of the task. */
  readonly task: string;
  /** Name of the model. */
  readonly model: string;
  /** Name of the learning rule. */
  readonly updater: string;
  /** Where it was judged. */
  readonly device: string;
  /** What the run began from that is not the draw of its seeds, newest first: a sentence each. */
  readonly lineage?: readonly string[];
}

/** Networks judged on movies, each at its own R or at several. */
export interface LevelEvaluation extends JudgedRun {
  /** Tells it from the other kind. */
  readonly kind: "levels";
  /** The least accuracy, and the highest rates of errors, of a network that holds a level. */
  readonly bounds: SceneBounds;
  /** One for each network and movie. */
  readonly movies: readonly MovieJudgement[];
  /** The generalisation curve; empty if none was requested. */
  readonly curve: readonly MovieJudgement[];
}

/** Networks judged on sequences of their task. */
export interface SequenceEvaluation extends JudgedRun {
  /** Tells it from the other kind. */
  readonly kind: "sequences";
  /** Iterations done when the checkpoint was made. */
  readonly updates: number;
  /** Where these are the best networks of the run: by which metric of its rows, and when each was, [P]. */
  readonly best?: {
    readonly metric: string;
    readonly values: readonly number[];
    readonly iterations: readonly number[];
  };
  /** Sequences judged, for each replica. */
  readonly sequences: number;
  /** True where these are all that the tasks hold out, such as the rows of its test. */
  readonly all_held_out?: boolean;
  /** The metric to look at first. */
  readonly score: string;
  /** What the loss declares of its metrics: kind, unit, direction, summary. */
  readonly metrics: Readonly<Record<string, MetricFacts>>;
  /** null if replicas differ. */
  readonly chance: number | null;
  /** Lowest reachable loss; null if replicas differ. */
  readonly best_loss: number | null;
  /** One for each judged replica. */
  readonly networks: readonly (Judgement & JudgedReplica)[];
  /** The same networks and sequences, with fast weights treated in ways that were asked for. */
  readonly fast_weights?: readonly FastWeightEvaluation[];
}

/** The networks of a run with their fast weights treated in one way. */
export interface FastWeightEvaluation {
  /** The way. */
  readonly mode: FastWeightMode;
  /** One for each judged replica. */
  readonly networks: readonly FastWeightJudgement[];
}

/** A network with its fast weights treated in one way. */
export interface FastWeightJudgement extends Judgement, JudgedReplica {
  /**
   * What every metric of the first way has more than this one, by name: each sequence is compared with itself.
   * Empty for the first.
   */
  readonly differences: Readonly<Record<string, Difference>>;
}

/** How much more the first of two judgements has. */
export interface Difference {
  /** null if one of both is no number. */
  readonly value: number | null;
  /** 95 %, over the sequences; absent where they do not tell. */
  readonly interval?: Interval;
}

/** What an evaluation finds: the content of `evaluation.json`. */
export type Evaluation = LevelEvaluation | SequenceEvaluation;

/** The network of a replica in words. */
export const networkName = (
  { level, passed }: Pick<MovieJudgement, "level" | "passed">,
): string => passed ? `network of level ${level}` : `newest network, trained at R = ${level}`;

/**
 * The judgement of each replica, [P], from sums of counts and losses. Without a loss that is a number nothing
 * counts. A share that does not count in whole numbers is a mean, whatever the loss says of it.
 *
 * @param estimates [P] by metric, over what is independent; without them every trial counts as that.
 */
export function judgementsOf(
  sums: Sums,
  loss: Loss,
  estimates?: Readonly<Record<string, readonly Pick<Estimate, "count" | "interval">[]>>,
): Judgement[] {
  const judged = areJudged(sums, loss);
  const metrics = metricsOf(loss).map(([name, { kind, of, sums: [above, below] }]) => {
    const [counts, totals] = [sums.of(above!), sums.of(below!)];
    const isShare = kind === "share" && !of &&
      estimates?.[name]?.every(({ count }) => count === undefined) !== true &&
      !counts.some((count, replica) => count < 0 || count > totals[replica]!);
    return { name, counts, totals, isShare, values: metricValues(sums, loss, name) };
  });
  return judged.map((isJudged, replica) => {
    const intervalOf = (name: string) => estimates?.[name]?.[replica]?.interval;
    const { loss = null, ...means } = Object.fromEntries(
      metrics.filter(({ isShare }) => !isShare).map(({ name, values }) => {
        const value = values[replica]!;
        return [name, Number.isFinite(value) ? value : null];
      }),
    );
    return {
      loss,
      proportions: Object.fromEntries(
        metrics.filter(({ isShare }) => isShare).map(({ name, counts, totals }) => [
          name,
          isJudged
            ? proportionOf(counts[replica]!, totals[replica]!, intervalOf(name))
            : proportionOf(0, 0),
        ]),
      ),
      means,
      intervals: Object.fromEntries(metrics.flatMap(({ name, isShare }) => {
        const interval = intervalOf(name);
        return interval && !isShare ? [[name, interval]] : [];
      })),
    };
  });
}

/** @param interval over what is independent; default: Wilson's, of independent trials. */
function proportionOf(count: number, of: number, interval?: Interval): Proportion {
  const share = count / of;
  if (!Number.isFinite(share)) return { count, of, share: null, low: 0, high: 1 };
  return { count, of, share, ...interval ?? wilsonInterval(count, of) };
}
