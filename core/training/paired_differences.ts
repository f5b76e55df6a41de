/** How metrics differ between two evaluations of the same networks on the same sequences. */
import type { Loss } from "../losses/loss.ts";
import { metricsOf } from "../losses/metric_facts.ts";
import { jackknifeInterval } from "../numerics/jackknife.ts";
import type { Interval } from "../numerics/statistics.ts";
import type { SequenceCounts } from "./sequence_counts.ts";
import { fromSums } from "./sums.ts";

/** One metric of one network, of the first evaluation less that of the second. */
export interface PairedDifference {
  /** NaN where one of both is no number. */
  readonly value: number;
  /** 95 %, over the sequences; undefined where all of them differ alike, which does not tell. */
  readonly interval: Interval | undefined;
}

/**
 * Differences [P] by metric. Each sequence is compared with itself, so that what makes some of them harder
 * than others does not widen the intervals.
 *
 * @throws RangeError unless both evaluations count as many sequences.
 * @example
 * const [{ value, interval }] = pairedDifferences(loss, written, wiped).recall_accuracy!;
 */
export function pairedDifferences(
  loss: Loss,
  first: SequenceCounts,
  second: SequenceCounts,
): Readonly<Record<string, readonly PairedDifference[]>> {
  if (first.sequences !== second.sequences) {
    throw new RangeError(
      `${first.sequences} sequences and ${second.sequences} make no pairs of sequences`,
    );
  }
  return Object.fromEntries(
    metricsOf(loss).map(([name, metric]) => {
      const [ours, theirs] = [first.sumsOf(metric), second.sumsOf(metric)];
      const width = metric.sums.length;
      const difference = (sums: readonly number[]) =>
        fromSums(metric, sums.slice(0, width)) - fromSums(metric, sums.slice(width));
      return [
        name,
        ours.map((groups, replica) => {
          const pairs = groups.map((group, index) => [...group, ...theirs[replica]![index]!]);
          const totals = pairs[0]!.map((_, sum) =>
            pairs.reduce((all, pair) => all + pair[sum]!, 0)
          );
          const interval = jackknifeInterval(pairs, difference);
          const isTold = interval !== undefined && interval.low < interval.high;
          return { value: difference(totals), interval: isTold ? interval : undefined };
        }),
      ];
    }),
  );
}
