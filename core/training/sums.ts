/** Sums of the metrics of a procedure over iterations, and the ratios that are reported. */
import type { Values } from "../backends/backend.ts";
import type { Loss } from "../losses/loss.ts";
import type { Program } from "../program/program.ts";

/** One number, or one a replica. */
export type Metric = number | number[];
/** Metrics by name, such as `eval/accuracy`. */
export type Metrics = Readonly<Record<string, Metric>>;

/** Sums of metrics; M is the number of metrics of the procedure. */
export interface Sums {
  /** [P, M]. */
  readonly totals: Float64Array;
  /** Adds rows [K, P, M]. */
  add(rows: Values, iterations: number): void;
  /** Whether all sums are finite. */
  areFinite(): boolean;
  /** The sum of one metric, [P]. */
  of(name: string): number[];
}

/**
 * Begins sums of the metrics of a procedure.
 *
 * @param start [P, M], sums to go on from; default: 0.
 */
export function createSums(
  { metrics, extents: { replicas } }: Program,
  procedure: string,
  start?: Float64Array,
): Sums {
  const names = metrics.get(procedure)!;
  const totals = new Float64Array(replicas * names.length);
  if (start) totals.set(start);
  return {
    totals,
    add(rows, iterations) {
      for (let index = 0; index < iterations * totals.length; index++) {
        totals[index % totals.length]! += rows[index]!;
      }
    },
    areFinite: () => totals.every(Number.isFinite),
    of: (name) =>
      Array.from(
        { length: replicas },
        (_, replica) => totals[replica * names.length + names.indexOf(name)]!,
      ),
  };
}

/** A metric from its values, [P]: one number if there is one replica. */
export const metricOf = (values: number[]): Metric => values.length === 1 ? values[0]! : values;

/** The mean of a metric over replicas. */
export const meanOf = (metric: Metric): number =>
  typeof metric === "number"
    ? metric
    : metric.reduce((sum, value) => sum + value, 0) / metric.length;

/** One metric of a loss, [P]: a ratio of two sums. */
export function ratioOf(sums: Sums, loss: Loss, name: string): number[] {
  const [numerator, denominator] = loss.metrics[name]!;
  const [numerators, denominators] = [sums.of(numerator), sums.of(denominator)];
  return numerators.map((value, replica) => value / denominators[replica]!);
}

/** All metrics of a loss, as `prefix/name`. */
export function ratios(sums: Sums, loss: Loss, prefix: string): Record<string, Metric> {
  return Object.fromEntries(
    Object.keys(loss.metrics).map((name) => [
      `${prefix}/${name}`,
      metricOf(ratioOf(sums, loss, name)),
    ]),
  );
}

/** The sums themselves, by name: what ratios are made of. */
export function countsOf(sums: Sums, { metrics }: Program, procedure: string): Metrics {
  return Object.fromEntries(
    metrics.get(procedure)!.map((name) => [name, metricOf(sums.of(name))]),
  );
}
