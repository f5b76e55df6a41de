/** The text of progress lines. */

export interface ProgressSnapshot {
  /** Iterations done. */
  readonly iteration: number;
  /** Iterations in all. */
  readonly iterations: number;
  /** Sequences seen, over all replicas. */
  readonly sequences: number;
  /** Training time so far, in seconds. */
  readonly seconds: number;
  /** Metrics in the order they are shown. */
  readonly values: Readonly<Record<string, number>>;
  /** Units of metrics that have one. */
  readonly units?: Readonly<Record<string, string>>;
}

export interface ProgressPace {
  /** Sequences per second over a recent window; undefined when not known yet. */
  readonly sequencesPerSecond?: number;
  /** Estimated seconds to the end; undefined when not known yet. */
  readonly secondsLeft?: number;
}

/** Such as `iteration 1200/5000 (24%)  loss 0.1234 nats  12.3k sequences/s  1m02s, 3m10s left`. */
export function formatProgress(snapshot: ProgressSnapshot, pace: ProgressPace): string {
  const { iteration, iterations, seconds, values, units = {} } = snapshot;
  const percent = Math.floor(100 * progressFraction(snapshot));
  const parts = [`iteration ${iteration}/${iterations} (${percent}%)`];
  for (const [name, value] of Object.entries(values)) {
    const unit = Object.hasOwn(units, name) ? ` ${units[name]}` : "";
    parts.push(`${name.replaceAll("_", " ")} ${formatNumber(value)}${unit}`);
  }
  if (pace.sequencesPerSecond !== undefined) {
    parts.push(`${formatRate(pace.sequencesPerSecond)} sequences/s`);
  }
  const timeLeft = pace.secondsLeft === undefined || iteration >= iterations
    ? ""
    : `, ${formatDuration(pace.secondsLeft)} left`;
  parts.push(formatDuration(seconds) + timeLeft);
  // A metric's name may come from a user's file; it must not steer the terminal.
  return parts.join("  ").replaceAll(/\p{Cc}/gu, "?");
}

/** Share of the iterations done, from 0 to 1; 1 when there are none. */
export function progressFraction({ iteration, iterations }: ProgressSnapshot): number {
  return iterations > 0 ? Math.min(1, Math.max(0, iteration / iterations)) : 1;
}

/** Four significant digits; exponents for the very small and very large. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) return value.toExponential(2);
  // toPrecision would write an exponent for five digits before the point.
  return size >= 1e4 ? value.toFixed(0) : value.toPrecision(4);
}

/** Three significant digits with k, M or G. */
export function formatRate(rate: number): string {
  if (!Number.isFinite(rate)) return "?";
  const units: [number, string][] = [[1e9, "G"], [1e6, "M"], [1e3, "k"]];
  const [size, unit] = units.find(([limit]) => rate >= limit) ?? [1, ""];
  const scaled = rate / size;
  return scaled.toFixed(scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2) + unit;
}

/** Such as 45s, 3m12s, 2h05m, 3d04h. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "?";
  const total = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  if (total < 60) return `${total}s`;
  if (total < 3600) return `${Math.floor(total / 60)}m${two(total % 60)}s`;
  if (total < 86_400) return `${Math.floor(total / 3600)}h${two(Math.floor(total % 3600 / 60))}m`;
  return `${Math.floor(total / 86_400)}d${two(Math.floor(total % 86_400 / 3600))}h`;
}

/** Cuts a line to a number of columns, with a mark where it was cut. */
export function cutLine(line: string, columns: number): string {
  const characters = [...line];
  if (characters.length <= columns) return line;
  return columns < 1 ? "" : characters.slice(0, columns - 1).join("") + "…";
}
