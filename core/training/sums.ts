/** Sums of the metrics of a procedure over iterations, and the metrics that are made of them. */
import type { Values } from "../backends/backend.ts";
import type { Loss } from "../losses/loss.ts";
import type { LossMetric } from "../losses/loss_metric.ts";
import { metricOf, metricsOf } from "../losses/metric_facts.ts";
import type { Program } from "../program/program.ts";

/** A metric, [P]: one number a replica, also of one replica. `meanOf` makes one number of it. */
export type Metric = readonly number[];
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

/**
 * The mean of a metric over the replicas that have one: those that diverged are left out.
 *
 *     meanOf(metrics["eval/loss"]!)
 */
export function meanOf(metric: Metric): number {
  const values = metric.filter((value) => !Number.isNaN(value));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Whether the loss of each replica, [P], is a number: a network without one has no score either. */
export function areJudged(sums: Sums, loss: Pick<Loss, "metrics">): boolean[] {
  return sums.of(metricOf(loss, "loss").sums[0]!).map((value) => !Number.isNaN(value));
}

/** A metric of its sums; 0 / 0 and the like are NaN. */
export const fromSums = ({ of }: LossMetric, values: readonly number[]): number =>
  of ? of(...values) : values[0]! / values[1]!;

/** One metric of a loss, [P]; NaN for a network whose loss is none. */
export function metricValues(sums: Sums, loss: Loss, name: string): number[] {
  const metric = metricOf(loss, name);
  const parts = metric.sums.map((part) => sums.of(part));
  return areJudged(sums, loss).map((isJudged, replica) =>
    isJudged ? fromSums(metric, parts.map((part) => part[replica]!)) : NaN
  );
}

/** All metrics of a loss, as `prefix/name`. */
export const lossMetrics = (sums: Sums, loss: Loss, prefix: string): Record<string, Metric> =>
  Object.fromEntries(
    metricsOf(loss).map(([name]) => [`${prefix}/${name}`, metricValues(sums, loss, name)]),
  );

/** The sums themselves, by name: what metrics are made of. */
export function countsOf(
  sums: Sums,
  { program, procedure, loss }: { program: Program; procedure: string; loss: Loss },
): Metrics {
  const judged = areJudged(sums, loss);
  return Object.fromEntries(
    program.metrics.get(procedure)!.map((name) => [
      name,
      sums.of(name).map((value, replica) => judged[replica] ? value : NaN),
    ]),
  );
}
