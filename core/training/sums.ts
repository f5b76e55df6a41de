/** Sums of a procedure's metrics over iterations, and the ratios that are reported. */
import type { Engine, Values } from "../backends/backend.ts";
import type { Loss } from "../losses/loss.ts";
import type { Program } from "../program/program.ts";

/** One number, or one a replica. */
export type Metric = number | number[];
/** Metrics by name, such as `eval/accuracy`. */
export type Metrics = Readonly<Record<string, Metric>>;

export interface Sums {
  /** [P, M]. */
  readonly totals: Float64Array;
  /** Adds rows [K, P, M]. */
  add(rows: Values, iterations: number): void;
  finite(): boolean;
  /** Sum of one metric, by replica. */
  of(name: string): number[];
}

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
    finite: () => totals.every(Number.isFinite),
    of: (name) =>
      Array.from(
        { length: replicas },
        (_, replica) => totals[replica * names.length + names.indexOf(name)]!,
      ),
  };
}

export const unwrap = (values: number[]): Metric => values.length === 1 ? values[0]! : values;

export const meanOf = (metric: Metric): number =>
  typeof metric === "number"
    ? metric
    : metric.reduce((sum, value) => sum + value, 0) / metric.length;

/** One metric of a loss, by replica. */
export function ratioOf(sums: Sums, loss: Loss, name: string): number[] {
  const [above, below] = loss.metrics[name]!;
  const [numerators, denominators] = [sums.of(above), sums.of(below)];
  return numerators.map((value, replica) => value / denominators[replica]!);
}

/** All metrics of a loss, as `prefix/name`. */
export function ratios(sums: Sums, loss: Loss, prefix: string): Record<string, Metric> {
  return Object.fromEntries(
    Object.keys(loss.metrics).map((name) => [
      `${prefix}/${name}`,
      unwrap(ratioOf(sums, loss, name)),
    ]),
  );
}

/** What the ratios of a procedure are made of. */
export function countsOf(sums: Sums, { metrics }: Program, procedure: string): Metrics {
  return Object.fromEntries(
    metrics.get(procedure)!.map((name) => [name, unwrap(sums.of(name))]),
  );
}

/** What the procedure `measure` finds, as `plastic/name`; empty for a program without one. */
export async function measured(engine: Engine): Promise<Record<string, Metric>> {
  const { program } = engine;
  if (!program.procedures.has("measure")) return {};
  await engine.run("measure", { iterations: 1 });
  const sums = createSums(program, "measure");
  sums.add((await engine.read(["metrics/measure"])).get("metrics/measure")!, 1);
  return Object.fromEntries(
    program.metrics.get("measure")!.map((name) => [`plastic/${name}`, unwrap(sums.of(name))]),
  );
}
