/** Measures as texts, for cells of tables and parts of sentences. */
import { formatCount, formatNumber } from "../../report/format.ts";
import type { Proportion } from "../../analysis/examine/examination.ts";
import { count, hasDiverged, type Measure, measureOf } from "./measures.ts";
import type { PointResult } from "./results.ts";

/** A cell without a value. */
export const none = "–";

/** A space at which no line breaks. */
const hardSpace = "\u00a0";

/** A mean and half of its 95 % interval, such as "0.992 ± 0.002". */
export function measureText(
  measure: Measure | undefined,
  format: (value: number) => string = threeDigits,
): string {
  if (!measure) return none;
  const { mean, interval } = measure;
  return interval
    ? `${format(mean)}${hardSpace}±${hardSpace}${format(interval.high - mean)}`
    : format(mean);
}

export const threeDigits = (value: number): string => value.toFixed(3).replace("-", "−");
export const whole = (value: number): string => formatCount(value).replace("-", "−");

/** A mean of shares, such as "45.3% ± 2.1". */
export const percentText = (measure: Measure | undefined): string =>
  measureText(measure, (value) => (100 * value).toFixed(1)).replace(/^[\d.]+/, "$&%");

/** A share and its 95 % interval, such as "99.8% [99.3, 100]". */
export function shareText(proportion: Proportion | undefined): string {
  if (!proportion || proportion.share === null) return none;
  const { share, low, high } = proportion;
  return `${percent(share)}% [${percent(low)},${hardSpace}${percent(high)}]`;
}

/** Percent with one decimal; 0 and 100 without. */
export function percent(share: number): string {
  const value = 100 * share;
  if (value === 0 || value === 100) return String(value);
  // A second decimal, so that nearly all does not read as all.
  return value > 99.9 || value < 0.1 ? value.toFixed(2) : value.toFixed(1);
}

/** How many seeds converged, such as "5 of 5" or "1 of 5, 4 in training"; and when some diverged. */
export function outcomeText(point: PointResult): string {
  const { networks } = point;
  if (networks.length === 0) return "not run";
  if (count(point, "diverged") === networks.length) return divergedText(point);
  const parts = [`${count(point, "converged")} of ${networks.length}`];
  if (hasDiverged(point)) parts.push(divergedText(point));
  const training = count(point, "training");
  if (training > 0) parts.push(`${training} in training`);
  const stopped = networks.filter(({ outcome }) => outcome === "stopped");
  if (stopped.length > 0) {
    const at = [...new Set(stopped.map(({ runUpdates }) => formatCount(runUpdates)))].join(", ");
    parts.push(`${stopped.length} stopped at update ${at}`);
  }
  return parts.join(", ");
}

/** Which seeds diverged, such as "seed 4 diverged at update 6" or "all 5 seeds diverged at updates 4 to 6". */
export function divergedText({ networks }: PointResult): string {
  const lost = networks.filter(({ outcome }) => outcome === "diverged");
  const [first, last] = [Math.min, Math.max].map((extreme) =>
    formatCount(extreme(...lost.map(({ updates }) => updates)))
  );
  const when = first === last ? `update ${first}` : `updates ${first} to ${last}`;
  if (networks.length === 1) return `diverged at ${when}`;
  const seeds = lost.map(({ seed }) => seed).join(", ");
  const subject = lost.length === networks.length
    ? `all ${lost.length} seeds`
    : `seed${lost.length > 1 ? "s" : ""} ${seeds}`;
  return `${subject} diverged at ${when}`;
}

/** Updates of the seeds that converged: mean, least and most. */
export function updatesText(point: PointResult): string {
  const converged = {
    networks: point.networks.filter(({ outcome }) => outcome === "converged"),
  };
  const measure = measureOf(converged, ({ updates }) => updates);
  if (!measure) return none;
  const [low, high] = [Math.min(...measure.values), Math.max(...measure.values)];
  return low === high
    ? formatCount(low)
    : `${formatNumber(Math.round(measure.mean))} (${formatCount(low)} to ${formatCount(high)})`;
}

/** The title of a point in tables of its study. */
export function pointTitle({ configuration, title, value }: PointResult): string {
  if (value === undefined) return title;
  const key = configuration.sweep!.replace(/^.*\./, "");
  return key === "memories"
    ? title.replace(/^[\d to]+ memories/, `${value} memories`)
    : `${title}: ${key} ${value}`;
}
