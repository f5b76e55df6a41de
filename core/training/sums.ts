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

/** The values of a metric, [P]. */
export const valuesOf = (metric: Metric): number[] =>
  typeof metric === "number" ? [metric] : metric;

/** The mean of a metric over the replicas that have one: those that diverged are left out. */
export function meanOf(metric: Metric): number {
  const values = valuesOf(metric).filter((value) => !Number.isNaN(value));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Whether the loss of each replica, [P], is a number: a network without one has no score either. */
export function areJudged(sums: Sums, { metrics: { loss } }: Pick<Loss, "metrics">): boolean[] {
  return sums.of(loss![0]).map((value) => !Number.isNaN(value));
}

/** One metric of a loss, [P]: a ratio of two sums; NaN for a network whose loss is none. */
export function ratioOf(sums: Sums, loss: Loss, name: string): number[] {
  const [numerator, denominator] = loss.metrics[name]!;
  const [numerators, denominators] = [sums.of(numerator), sums.of(denominator)];
  const judged = areJudged(sums, loss);
  return numerators.map((value, replica) => judged[replica] ? value / denominators[replica]! : NaN);
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
export function countsOf(
  sums: Sums,
  { program, procedure, loss }: { program: Program; procedure: string; loss: Loss },
): Metrics {
  const judged = areJudged(sums, loss);
  return Object.fromEntries(
    program.metrics.get(procedure)!.map((name) => [
      name,
      metricOf(sums.of(name).map((value, replica) => judged[replica] ? value : NaN)),
    ]),
  );
}
