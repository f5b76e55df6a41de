/** A loss, judged in several cases at once on a backend: every case is a step of a sequence of its own. */
import type { Backend } from "../../backends/backend.ts";
import { type Columns, evaluateCases } from "../../testing/on_every_backend.ts";
import { fromSums } from "../../training/sums.ts";
import type { Loss } from "../loss.ts";
import { metricsOf } from "../metric_facts.ts";
import { SEQUENCES } from "../metric_kinds.ts";

/**
 * @param columns `output`, and what the loss reads, by name.
 * @returns by case the loss, its weight and its slope by the output; all metrics over the cases.
 */
export async function judgeCases(
  backend: Backend,
  loss: Loss,
  columns: Columns,
): Promise<{
  loss: number[];
  weight: number[];
  slope: number[][];
  metrics: Readonly<Record<string, number>>;
}> {
  const found = await evaluateCases(backend, columns, ({ output, ...rest }) => {
    const step = { output: output!, observed: rest, state: rest, targets: rest };
    const { loss: total, weight, sums } = loss.step(step);
    const named = Object.entries(sums).map(([name, value]) => [`sum ${name}`, value] as const);
    return { total, weight, ...Object.fromEntries(named) };
  }, { of: "total", by: ["output"] });
  const cases = found["total"]!.length;
  const sumOf = (name: string) =>
    name === SEQUENCES ? cases : found[`sum ${name}`]!.reduce((sum, [value]) => sum + value!, 0);
  return {
    loss: found["total"]!.map(([value]) => value!),
    weight: found["weight"]!.map(([value]) => value!),
    slope: found["d/output"]!,
    metrics: Object.fromEntries(
      metricsOf(loss).map(([name, metric]) => [name, fromSums(metric, metric.sums.map(sumOf))]),
    ),
  };
}

/** Fails unless numbers are equal up to the rounding of float32. */
export function near(actual: number, expected: number, what: string, bound = 2e-6): void {
  const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  if (!(error <= bound)) throw new Error(`${what}: expected ${expected}, got ${actual}`);
}
