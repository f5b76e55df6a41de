/** Intervals of ratios whose observations come in clusters, such as the judged steps of sequences. */
import { type Interval, wilsonInterval } from "./statistics.ts";
import { NORMAL_QUANTILE, studentQuantile } from "./student.ts";

/** Two sums over a cluster, of which a ratio is made. */
export interface Cluster {
  readonly above: number;
  readonly below: number;
}

/** Sums over clusters that are independent of each other. */
interface Moments {
  /** Clusters with anything in them. */
  readonly clusters: number;
  readonly above: number;
  readonly below: number;
  /** Variance of the ratio above / below between clusters (Cochran 1977, Sampling Techniques, 6.3). */
  readonly variance: number;
  /** Degrees of freedom of that variance. */
  readonly freedom: number;
}

function momentsOf(all: readonly Cluster[]): Moments {
  const filled = all.filter(({ below }) => below !== 0);
  const clusters = filled.length;
  let [above, below, squares, fourths] = [0, 0, 0, 0];
  for (const cluster of filled) {
    above += cluster.above;
    below += cluster.below;
  }
  for (const cluster of filled) {
    const square = (cluster.above - above / below * cluster.below) ** 2;
    squares += square;
    fourths += square ** 2;
  }
  // Satterthwaite (1946): a variance that few clusters make is known less well than their number says.
  const kurtosis = clusters * fourths / squares ** 2;
  const known = kurtosis > 1 ? Math.round(2 * clusters / (kurtosis - 1)) : clusters - 1;
  return {
    clusters,
    above,
    below,
    variance: squares * clusters / (clusters - 1) / below ** 2,
    freedom: Math.max(1, Math.min(clusters - 1, known)),
  };
}

/**
 * 95 % interval of a share of trials that come in clusters, which are independent of each other; trials of
 * one cluster may be alike. It is Wilson's interval for as many independent trials as vary between samples
 * like the clusters do (Korn and Graubard 1998, Surv. Methodol. 24:193-201; Dean and Pagano 2015,
 * J. Surv. Stat. Methodol. 3:484-503). That number lies between those of the clusters and of the trials: a share of 0 or
 * 1, or that of one cluster, does not tell how much clusters vary, so each then counts as one trial. With at
 * most one trial in each it is Wilson's interval itself. No trials give [0, 1].
 *
 * @example
 * clusteredShareInterval([{ above: 14, below: 14 }, { above: 7, below: 14 }, { above: 13, below: 14 }]);
 *
 * @param squares sum of `below²` over the clusters, if several stand together in one of `clusters`.
 */
export function clusteredShareInterval(
  clusters: readonly Cluster[],
  squares: number = clusters.reduce((sum, { below }) => sum + below ** 2, 0),
): Interval {
  const { clusters: count, above, below, variance, freedom } = momentsOf(clusters);
  if (below === 0 || squares <= below) return wilsonInterval(above, below);
  const fewest = below ** 2 / squares;
  const share = above / below;
  const isUntold = count < 2 || share === 0 || share === 1;
  const narrowed = (NORMAL_QUANTILE / studentQuantile(freedom)) ** 2;
  const trials = isUntold
    ? fewest
    : Math.max(fewest, Math.min(below, share * (1 - share) / variance * narrowed));
  return wilsonInterval(share * trials, trials);
}

/**
 * 95 % interval of a ratio of sums over independent clusters, by Student's t of the variance between them;
 * undefined for fewer than two clusters.
 */
export function clusteredRatioInterval(clusters: readonly Cluster[]): Interval | undefined {
  const { clusters: count, above, below, variance } = momentsOf(clusters);
  if (count < 2) return undefined;
  const half = studentQuantile(count - 1) * Math.sqrt(variance);
  return { low: above / below - half, high: above / below + half };
}
