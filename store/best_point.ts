/** The best point of a run that sweeps: a mean over all points would be the result of no setting. */
import { firstOfPoints, pointLabel, type Replica } from "../config/replicas.ts";
import { meanOf, type Metric } from "../core/training/sums.ts";

/** A point of a sweep, and its metric. */
export interface BestPoint {
  /** Such as "learning rate 0.01". */
  readonly label: string;
  /** The mean over its seeds. */
  readonly value: number;
}

/**
 * The point whose seeds have the best mean; undefined where no point has finite values of all seeds.
 *
 * @param metric [P].
 * @param better which direction is good.
 */
export function bestPoint(
  metric: Metric,
  replicas: readonly Replica[],
  better: "more" | "less",
): BestPoint | undefined {
  const sign = better === "more" ? -1 : 1;
  const [best] = firstOfPoints(replicas).flatMap(({ point, settings }) => {
    const values = metric.filter((_, index) => replicas[index]!.point === point);
    return values.every(Number.isFinite)
      ? [{ label: pointLabel(settings), value: meanOf(values) }]
      : [];
  }).sort((a, b) => sign * (a.value - b.value));
  return best;
}

/** Whether replicas are points of a sweep. */
export const areSwept = (replicas: readonly Replica[]): boolean =>
  replicas.some(({ point }) => point > 0);
