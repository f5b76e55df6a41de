/** Counts of each sequence, and the intervals of their ratios: sequences are independent, their steps are not. */
import type { Engine, Values } from "../backends/backend.ts";
import type { Loss } from "../losses/loss.ts";
import {
  type Cluster,
  clusteredRatioInterval,
  clusteredShareInterval,
} from "../numerics/clustered.ts";
import type { Interval } from "../numerics/statistics.ts";
import { sequenceSlot } from "../program/sequence_slot.ts";
import type { Program } from "../program/program.ts";

/** A metric of one replica on independent sequences. */
export interface Estimate {
  /** Sum over the sequences, such as right answers. */
  readonly above: number;
  /** Sum over the sequences, such as answers. */
  readonly below: number;
  /** Whether it counts, in whole numbers, how many of a number were so; else it is a mean of amounts. */
  readonly isShare: boolean;
  /** 95 %, over the sequences; undefined if they do not tell. */
  readonly interval: Interval | undefined;
  /** Sequences judged. */
  readonly sequences: number;
}

/** Estimates [P] by metric. */
export type Estimates = Readonly<Record<string, readonly Estimate[]>>;

export interface SequenceCounts {
  /** Reads the rows of the last run of `evaluate`. */
  read(engine: Engine, iterations: number): Promise<void>;
  /** Adds rows [K, P, B?, M]. */
  add(rows: Values, iterations: number): void;
  /** The metrics of the loss; with NaN among the counts of a replica it has no interval. */
  estimates(loss: Loss): Estimates;
}

/** Groups of sequences, if there are more sequences: enough for a variance, few enough for memory. */
const MOST_GROUPS = 1024;
const FEWEST_GROUPS = 32;
const MOST_NUMBERS = 2 ** 24;

/** Begins to count what `evaluate` counts, sequence by sequence. */
export function createSequenceCounts({ metrics, slots, extents }: Program): SequenceCounts {
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
    async read(engine, iterations) {
      this.add((await engine.read([sequenceSlot])).get(sequenceSlot)!, iterations);
    },
    add(rows, iterations) {
      for (let index = 0; index < iterations * inBatch; index++) {
        const [iteration, sequence] = [Math.floor(index / inBatch), index % inBatch];
        addSequence(
          rows,
          (replica) =>
            ((iteration * extents.replicas + replica) * inBatch + sequence) * names.length,
        );
      }
    },
    estimates({ metrics, means = [] }) {
      const replicas = Array.from({ length: extents.replicas }, (_, replica) => replica);
      return Object.fromEntries(
        Object.entries(metrics).map(([name, [above, below]]) => {
          const place = (replica: number, sum: string) =>
            replica * names.length + names.indexOf(sum);
          const clusters = replicas.map((replica) =>
            sums.map((group): Cluster => ({
              above: group[place(replica, above)]!,
              below: group[place(replica, below)]!,
            }))
          );
          const isShare = name !== "loss" && !means.includes(name) &&
            replicas.every((replica) =>
              isWhole[place(replica, above)]! && isWhole[place(replica, below)]! &&
              !clusters[replica]!.some(({ above, below }) => above > below)
            );
          return [
            name,
            replicas.map((replica) =>
              estimateOf(clusters[replica]!, {
                isShare,
                sequences,
                squares: squares[place(replica, below)]!,
              })
            ),
          ];
        }),
      );
    },
  };
}

function estimateOf(
  clusters: readonly Cluster[],
  { isShare, sequences, squares }: { isShare: boolean; sequences: number; squares: number },
): Estimate {
  let [above, below] = [0, 0];
  for (const cluster of clusters) {
    above += cluster.above;
    below += cluster.below;
  }
  const interval = !Number.isFinite(above / below)
    ? undefined
    : isShare
    ? clusteredShareInterval(clusters, squares)
    : clusteredRatioInterval(clusters);
  return { above, below, isShare, interval, sequences };
}
