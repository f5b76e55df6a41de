/** Counts of each sequence, and the intervals of metrics: sequences are independent, their steps are not. */
import type { Engine, Values } from "../backends/backend.ts";
import type { Loss } from "../losses/loss.ts";
import { type LossMetric, rangeOf } from "../losses/loss_metric.ts";
import { metricsOf } from "../losses/metric_facts.ts";
import {
  type Cluster,
  clusteredRatioInterval,
  clusteredShareInterval,
} from "../numerics/clustered.ts";
import { jackknifeInterval } from "../numerics/jackknife.ts";
import type { Interval } from "../numerics/statistics.ts";
import { sequenceSlot } from "../program/sequence_slot.ts";
import type { Program } from "../program/program.ts";
import { fromSums } from "./sums.ts";
import type { Count } from "./task.ts";

/** A metric of one replica on independent sequences. */
export interface Estimate {
  /** The metric of all sequences. */
  readonly value: number;
  /** What it counts, of a share in whole numbers, such as right answers of all; undefined for amounts. */
  readonly count: Count | undefined;
  /** 95 %, over the sequences; undefined if they do not tell. */
  readonly interval: Interval | undefined;
  /** Sequences judged. */
  readonly sequences: number;
}

/** Estimates [P] by metric. */
export type Estimates = Readonly<Record<string, readonly Estimate[]>>;

export interface SequenceCounts {
  /** Sequences of each replica that were added and count. */
  readonly sequences: number;
  /** Reads the rows of the last run of `evaluate`. */
  read(engine: Engine, iterations: number): Promise<void>;
  /** Adds rows [K, P, B?, M]. */
  add(rows: Values, iterations: number): void;
  /** The metrics of the loss; with NaN among the counts of a replica it has no interval. */
  estimates(loss: Loss): Estimates;
  /** The sums of a metric in groups of sequences, [P][groups][sums]; as many sequences make the same groups. */
  sumsOf(metric: LossMetric): readonly (readonly (readonly number[])[])[];
}

/** Groups of sequences, if there are more sequences: enough for a variance, few enough for memory. */
const MOST_GROUPS = 1024;
const FEWEST_GROUPS = 32;
const MOST_NUMBERS = 2 ** 24;

/**
 * Begins to count what `evaluate` counts, sequence by sequence.
 *
 * @param limit sequences that count; what is added after them repeats them.
 */
export function createSequenceCounts(
  { metrics, slots, extents }: Program,
  limit = Infinity,
): SequenceCounts {
  const names = metrics.get("evaluate")!;
  const width = extents.replicas * names.length;
  const inBatch = slots.get(sequenceSlot)!.hasBatchAxis ? extents.sequences : 1;
  const fitting = 2 ** Math.floor(Math.log2(MOST_NUMBERS / width));
  const most = Math.max(FEWEST_GROUPS, Math.min(MOST_GROUPS, fitting));
  /** [groups, P, M] */
  const sums: Float64Array[] = [];
  /** [P, M], sums of squares over single sequences. */
  const squares = new Float64Array(width);
  const isWhole = new Array<boolean>(width).fill(true);
  let [sequences, inGroup] = [0, 1];

  /** Makes room for a group: every two become one. */
  const merge = () => {
    for (let group = 0; group < most / 2; group++) {
      const [first, second] = [sums[2 * group]!, sums[2 * group + 1]!];
      sums[group] = first.map((value, index) => value + second[index]!);
    }
    sums.length = most / 2;
    inGroup *= 2;
  };
  const addSequence = (rows: Values, startOf: (replica: number) => number) => {
    if (sequences === most * inGroup) merge();
    const group = sums[Math.floor(sequences++ / inGroup)] ??= new Float64Array(width);
    for (let index = 0; index < width; index++) {
      const metric = index % names.length;
      const value = rows[startOf((index - metric) / names.length) + metric]!;
      group[index]! += value;
      squares[index]! += value * value;
      isWhole[index] &&= Number.isNaN(value) || (Number.isInteger(value) && value >= 0);
    }
  };
  return {
    get sequences() {
      return sequences;
    },
    async read(engine, iterations) {
      this.add((await engine.read([sequenceSlot])).get(sequenceSlot)!, iterations);
    },
    add(rows, iterations) {
      for (let index = 0; index < iterations * inBatch && sequences < limit; index++) {
        const [iteration, sequence] = [Math.floor(index / inBatch), index % inBatch];
        addSequence(
          rows,
          (replica) =>
            ((iteration * extents.replicas + replica) * inBatch + sequence) * names.length,
        );
      }
    },
    estimates: (loss) => estimatesOf(loss, { names, groups: sums, squares, isWhole, sequences }),
    sumsOf: (metric) => sumsByReplica(metric, { names, groups: sums, replicas: extents.replicas }),
  };
}

/** What was counted, [P, M] each. */
interface Counted {
  /** [M] */
  readonly names: readonly string[];
  /** [groups], sums over the sequences of each. */
  readonly groups: readonly Float64Array[];
  /** Sums of squares over single sequences. */
  readonly squares: Float64Array;
  /** Whether all numbers were whole and not negative. */
  readonly isWhole: readonly boolean[];
  readonly sequences: number;
}

/** Where the sums of a metric of a replica stand in [P, M]. */
const placesIn = (names: readonly string[], { sums }: LossMetric, replica: number): number[] =>
  sums.map((sum) => replica * names.length + names.indexOf(sum));

/** [P][groups][sums of the metric] */
const sumsByReplica = (
  metric: LossMetric,
  { names, groups, replicas }: Pick<Counted, "names" | "groups"> & { replicas: number },
): number[][][] =>
  Array.from({ length: replicas }, (_, replica) => {
    const places = placesIn(names, metric, replica);
    return groups.map((group) => places.map((place) => group[place]!));
  });

function estimatesOf(
  loss: Loss,
  { names, groups, squares, isWhole, sequences }: Counted,
): Estimates {
  const replicas = Array.from({ length: squares.length / names.length }, (_, replica) => replica);
  return Object.fromEntries(
    metricsOf(loss).map(([name, metric]) => {
      const placesOf = (replica: number) => placesIn(names, metric, replica);
      const rows = sumsByReplica(metric, { names, groups, replicas: replicas.length });
      const isShare = metric.kind === "share" && !metric.of &&
        replicas.every((replica) =>
          placesOf(replica).every((place) => isWhole[place]!) &&
          !rows[replica]!.some(([above, below]) => above! > below!)
        );
      return [
        name,
        replicas.map((replica) =>
          estimateOf(metric, rows[replica]!, {
            ...{ isShare, sequences },
            squares: squares[placesOf(replica)[1]!]!,
          })
        ),
      ];
    }),
  );
}

/** @param groups [groups][sums of the metric] */
function estimateOf(
  metric: LossMetric,
  groups: readonly (readonly number[])[],
  { isShare, sequences, squares }: { isShare: boolean; sequences: number; squares: number },
): Estimate {
  const totals = metric.sums.map((_, sum) => groups.reduce((all, group) => all + group[sum]!, 0));
  const value = fromSums(metric, totals);
  const [count = NaN, of = NaN] = totals;
  return {
    value,
    count: isShare ? { count, of } : undefined,
    interval: Number.isFinite(value) ? intervalOf(metric, groups, { isShare, squares }) : undefined,
    sequences,
  };
}

function intervalOf(
  metric: LossMetric,
  groups: readonly (readonly number[])[],
  { isShare, squares }: { isShare: boolean; squares: number },
): Interval | undefined {
  if (metric.of) {
    return jackknifeInterval(groups, (sums) => fromSums(metric, sums), rangeOf(metric));
  }
  const clusters = groups.map(([above, below]): Cluster => ({ above: above!, below: below! }));
  return isShare ? clusteredShareInterval(clusters, squares) : clusteredRatioInterval(clusters);
}
