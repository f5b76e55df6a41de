/** What a metric of a loss is, however its loss declares it. */
import type { Loss, MetricNote } from "./loss.ts";
import type { LossMetric, MetricFacts } from "./loss_metric.ts";

/** What declares the metrics of a loss. */
type Declared = Partial<Pick<Loss, "unit" | "metrics" | "means" | "notes">>;

/** A metric of a loss, with the sums that it is made of. A pair of sums takes its facts from the loss. */
export function metricOf(loss: Declared & Pick<Loss, "metrics">, name: string): LossMetric {
  const declared = loss.metrics[name]!;
  if (isPair(declared)) return { ...pairFacts(loss, name), sums: declared };
  return name === "loss" ? { ...lossFacts(loss), ...declared } : declared;
}

/** Every metric of a loss, by name. */
export const metricsOf = (loss: Loss): [name: string, metric: LossMetric][] =>
  Object.keys(loss.metrics).map((name) => [name, metricOf(loss, name)]);

/**
 * What a loss declares of one of its metrics, with defaults where it says nothing.
 *
 *     metricFacts(crossEntropy, "loss"); // { kind: "mean", unit: "nats", better: "less", ... }
 */
export function metricFacts(loss: Declared, name: string): MetricFacts {
  const { metrics = {} } = loss;
  if (!Object.hasOwn(metrics, name)) return pairFacts(loss, name);
  const { sums: _, of: __, needs: ___, ...facts } = metricOf({ ...loss, metrics }, name);
  return facts;
}

const isPair = (metric: Loss["metrics"][string]): metric is readonly [string, string] =>
  Array.isArray(metric);

const lossFacts = ({ unit }: Declared): MetricFacts => ({
  ...{ kind: "mean", better: "less" },
  ...unit === undefined ? {} : { unit },
});

function pairFacts(loss: Declared, name: string): MetricFacts {
  const { isCount = false, ...note }: MetricNote = loss.notes?.[name] ?? {};
  if (name === "loss") return { ...lossFacts(loss), ...note };
  if (loss.means?.includes(name)) return { kind: isCount ? "count" : "mean", ...note };
  return { kind: "share", better: "more", ...note };
}
