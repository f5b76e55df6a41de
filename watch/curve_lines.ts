/** Which lines a run draws of a metric: its networks, or those of each point of its sweep, as means with their range. */
import { sweepNames } from "../report/sweep_names.ts";
import { finiteMean } from "../report/figures/curve.ts";
import type { Numbers } from "../store/files/json_number.ts";

/** Networks that share a line. */
export interface LineGroup {
  /** The point of the sweep; "" for all networks. */
  readonly label: string;
  /** Their places on the axis P; undefined: all. */
  readonly replicas?: readonly number[];
}

/** Points of a sweep that have lines of their own; of more points one line is drawn. */
const MOST_POINTS = 24;

const allNetworks: readonly LineGroup[] = [{ label: "" }];

/** @param config as it is stored. */
export function lineGroups(config: Readonly<Record<string, unknown>>): readonly LineGroup[] {
  const { points = [] } = sweepNames(config) ?? {};
  return points.length > MOST_POINTS || points.length < 2 ? allNetworks : points;
}

/**
 * The mean, the lowest and the highest value of each group [3 * groups], over finite values. Of a metric that
 * the run has once, these of the value alone [3].
 */
export function lineValues(values: Numbers, groups: readonly LineGroup[]): number[] {
  if (typeof values === "number") return [values, values, values];
  if (values.length === 1) return lineValues(values[0]!, groups);
  return groups.flatMap(({ replicas }) => {
    const own = replicas ? replicas.map((replica) => values[replica] ?? NaN) : values;
    let [low, high] = [Infinity, -Infinity];
    for (const value of own) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return [finiteMean(own), low, high];
  });
}
