/** Bounds of accuracy and of both rates of errors: a network within them judges scenes well enough. */
import { predictionInterval } from "../core/numerics/statistics.ts";
import type { Count } from "../core/training/task.ts";

/** What a network that judges scenes has to keep, as shares. */
export interface SceneBounds {
  /** The least accuracy. */
  readonly accuracy: number;
  /** The most new scenes that it takes for repeats. */
  readonly false_positive_rate: number;
  /** The most repeats that it takes for new scenes. */
  readonly false_negative_rate: number;
}

/** The least accuracy, and the highest rates of errors. */
export const bounds: SceneBounds = {
  accuracy: 0.985,
  false_positive_rate: 0.01,
  false_negative_rate: 0.03,
};

/** Scenes of the movie that `willKeepBounds` predicts. */
const PREDICTED_SCENES = 10_000;

type Counts = Readonly<Record<string, Count>>;

/** Whether the counted shares are within the bounds; a share of nothing is not. */
export function keepsBounds(counts: Counts): boolean {
  const share = (name: string) => {
    const { count, of } = counts[name] ?? { count: 0, of: 0 };
    return count / of;
  };
  return share("accuracy") >= bounds.accuracy &&
    share("false_positive_rate") <= bounds.false_positive_rate &&
    share("false_negative_rate") <= bounds.false_negative_rate;
}

/**
 * Whether a fresh movie of 10,000 scenes will be within the bounds too, by the 95 % prediction interval of
 * each share. A network that is chosen because it did well on one movie has to do well on the next.
 */
export function willKeepBounds(counts: Counts): boolean {
  const judged = counts["accuracy"]?.of ?? 0;
  const foretold = (name: string) => {
    const { count, of } = counts[name] ?? { count: 0, of: 0 };
    return of === 0
      ? { low: 0, high: 1 }
      : predictionInterval(count, of, { size: PREDICTED_SCENES * of / judged });
  };
  return foretold("accuracy").low >= bounds.accuracy &&
    foretold("false_positive_rate").high <= bounds.false_positive_rate &&
    foretold("false_negative_rate").high <= bounds.false_negative_rate;
}
