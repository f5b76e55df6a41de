/** Measures as cells of tables and parts of sentences. */
import { formatCount, formatNumber } from "../../report/format.ts";
import type { Proportion } from "../../examine/examination.ts";
import { count, hasDiverged, type Measure, measureOf } from "./measures.ts";
import type { PointResult } from "./results.ts";

export const none = "–";

/** Such as "0.992 ± 0.002": half of the 95 % interval. */
export function measureText(
  measure: Measure | undefined,
  format: (value: number) => string = threeDigits,
): string {
  if (!measure) return none;
  const { mean, interval } = measure;
  return interval ? `${format(mean)} ± ${format(interval.high - mean)}` : format(mean);
}

export const threeDigits = (value: number): string => value.toFixed(3).replace("-", "−");
export const whole = (value: number): string => formatCount(value).replace("-", "−");

/** Such as "99.8% [99.3, 100]". */
export function shareText(proportion: Proportion | undefined): string {
  if (!proportion || proportion.share === null) return none;
  const { share, low, high } = proportion;
  return `${percent(share)}% [${percent(low)}, ${percent(high)}]`;
}

/** One decimal, where that is not all or nothing. */
export function percent(share: number): string {
  const value = 100 * share;
  if (value === 0 || value === 100) return String(value);
  // Nearly all is not all.
  return value > 99.9 || value < 0.1 ? value.toFixed(2) : value.toFixed(1);
}

/** Such as "5 of 5", or when it diverged. */
export function outcomeText(point: PointResult): string {
  const { networks } = point;
  if (networks.length === 0) return "not run";
  if (hasDiverged(point)) {
    const at = Math.min(...networks.map(({ updates }) => updates));
    return `diverged at update ${formatCount(at)}`;
  }
  const converged = `${count(point, "converged")} of ${networks.length}`;
  const training = count(point, "training");
  return training > 0 ? `${converged}, ${training} in training` : converged;
}

/** Updates of those that converged: mean, and the least and most. */
export function updatesText(point: PointResult): string {
  const converged = {
    networks: point.networks.filter(({ outcome }) => outcome === "converged"),
  };
  const found = measureOf(converged, ({ updates }) => updates);
  if (!found) return none;
  const [low, high] = [Math.min(...found.values), Math.max(...found.values)];
  return low === high
    ? formatCount(low)
    : `${formatNumber(Math.round(found.mean))} (${formatCount(low)} to ${formatCount(high)})`;
}

/** What a point is called among others of its study. */
export function pointTitle({ configuration, title, value }: PointResult): string {
  if (value === undefined) return title;
  const key = configuration.sweep!.replace(/^.*\./, "");
  return key === "memories"
    ? title.replace(/^[\d to]+ memories/, `${value} memories`)
    : `${title}: ${key} ${value}`;
}
