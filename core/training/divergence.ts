/** What it is to diverge: a number of a replica, or a metric of it, is not finite. */
import type { Engine, Values } from "../backends/backend.ts";
import type { Loss } from "../losses/loss.ts";
import { metricsOf } from "../losses/metric_facts.ts";
import type { Metrics, Sums } from "./sums.ts";

/** A replica that has diverged. Its numbers are those before `iteration`; it is trained no further. */
export interface Divergence {
  /** Its place on the axis P. */
  readonly replica: number;
  /** The update, counted from 1, that left the first number that is not finite. */
  readonly iteration: number;
  /**
   * What was not finite then: names of tensors, what is trained first; then metrics such as `train/loss`,
   * which alone overflow where the activity of the network does.
   */
  readonly names: readonly string[];
}

/** What is not finite, by replica: names of tensors or metrics. */
export type Broken = Map<number, string[]>;

/** The persistent tensors [P, B?, ...shape] that are not finite. What is trained comes before its optimizer. */
export function brokenTensors(
  { program: { slots, extents: { replicas } } }: Engine,
  tensors: ReadonlyMap<string, Values>,
): Broken {
  const broken: Broken = new Map();
  const isOptimizer = (name: string) => slots.get(name)!.kind === "optimizer";
  const named = [...tensors].filter(([, values]) => !values.every(Number.isFinite));
  named.sort(([a], [b]) => Number(isOptimizer(a)) - Number(isOptimizer(b)));
  for (const [name, values] of named) {
    for (let replica = 0; replica < replicas; replica++) {
      if (!sliceOf(values, { replica, replicas }).every(Number.isFinite)) {
        note(broken, replica, name);
      }
    }
  }
  return broken;
}

/** The metrics of training with a sum that is not finite. A ratio of finite sums, such as 0 / 0, is no fault. */
export function brokenSums(sums: Sums, loss: Loss): Broken {
  const broken: Broken = new Map();
  if (sums.areFinite()) return broken;
  for (const [name, metric] of metricsOf(loss)) {
    const parts = metric.sums.map((part) => sums.of(part));
    parts[0]!.forEach((_, replica) => {
      const isFinite = parts.every((part) => Number.isFinite(part[replica]!));
      if (!isFinite) note(broken, replica, `train/${name}`);
    });
  }
  return broken;
}

/**
 * The replicas of which a row of metrics counts trained numbers that are not finite. A norm that overflows is
 * none of them: large weights are finite.
 */
export function brokenWeights({ "plastic/not_finite": counts = [] }: Metrics): Broken {
  const broken: Broken = new Map();
  counts.forEach((count, replica) => {
    if (count !== 0) note(broken, replica, "plastic/not_finite");
  });
  return broken;
}

/** All that is not finite; tensors lead. */
export function joinBroken(tensors: Broken, metrics: Broken): Broken {
  const broken: Broken = new Map();
  for (const [replica, names] of [...tensors, ...metrics]) {
    broken.set(replica, [...broken.get(replica) ?? [], ...names]);
  }
  return broken;
}

function note(broken: Broken, replica: number, name: string): void {
  broken.set(replica, [...broken.get(replica) ?? [], name]);
}

/** The metrics of these replicas are no numbers; how far they came on the levels of their task stays. */
export function withoutReplicas(metrics: Metrics, lost: (replica: number) => boolean): Metrics {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, metric]) =>
      /^(curriculum|goal)\//.test(name)
        ? [name, metric]
        : [name, metric.map((value, replica) => lost(replica) ? NaN : value)]
    ),
  );
}

/** The numbers of one replica in a tensor [P, ...]. */
export function sliceOf(
  values: Values,
  { replica, replicas }: { replica: number; replicas: number },
): Values {
  const size = values.length / replicas;
  return values.subarray(replica * size, (replica + 1) * size);
}
