/** What conditions, orders and columns of a list of runs may name. */
import { quote } from "../../config/plain_text.ts";
import { UsageError } from "../../config/usage_error.ts";
import { didYouMean } from "../../core/similar_name.ts";
import type { RunFacts } from "./run_facts.ts";

/** The value of a field; undefined if the run has none. Of a swept setting a list. */
export type FieldOf = (run: RunFacts) => unknown;

/** Fields that every run has. */
export const factNames = [
  ...["path", "name", "state", "started", "updated", "task", "model", "updater", "replicas"],
  ...["diverged", "iterations", "sequences", "seconds", "device", "memory"],
] as const satisfies readonly (keyof RunFacts)[];

/** Splits of metrics, the one that counts most first: what stands for a metric that is named without. */
export const splits = ["test", "eval", "train"] as const;

/**
 * The field of a name: a fact of every run, a setting (`model.hidden_size`, or `hidden_size`, where no two
 * sections have one), or a metric (`test/accuracy`; `accuracy` is the one on test sequences, else on held-out
 * ones, else on those of training). `params.` and `metrics.` in front say which of the two is meant.
 *
 * @param runs those that may have it.
 * @throws UsageError if none of them has it, or a short name stands for several settings.
 */
export function findField(runs: readonly RunFacts[], name: string): FieldOf {
  if ((factNames as readonly string[]).includes(name)) {
    return (run) => run[name as keyof RunFacts];
  }
  if (name === "forked_from") return ({ forkedFrom }) => forkedFrom || undefined;
  const [, kind, plain] = /^(?:(params|metrics)\.)?(.*)$/s.exec(name)!;
  const settings = kind === "metrics" ? [] : settingsNamed(runs, plain!);
  if (settings.length > 1) {
    throw new UsageError(`${quote(name)} may be ${settings.join(" or ")}: name one of them`);
  }
  const [setting] = settings;
  if (setting !== undefined) return (run) => run.settings[setting];
  const metrics = kind === "params" ? [] : metricNames(plain!);
  const metricOf: FieldOf = ({ metrics: values }) => {
    const found = metrics.find((metric) => Object.hasOwn(values, metric));
    return found === undefined ? undefined : values[found]!.mean;
  };
  if (runs.some((run) => metricOf(run) !== undefined)) return metricOf;
  throw new UsageError(unknownField(runs, name));
}

/** The mean of a metric is looked for under these names. */
export const metricNames = (name: string): string[] => [
  name,
  ...splits.map((split) => `${split}/${name}`),
];

const settingsNamed = (runs: readonly RunFacts[], name: string): string[] => [
  ...new Set(
    runs.flatMap(({ settings }) =>
      Object.hasOwn(settings, name)
        ? [name]
        : Object.keys(settings).filter((path) => path.endsWith(`.${name}`))
    ),
  ),
];

function unknownField(runs: readonly RunFacts[], name: string): string {
  const names = new Set<string>(factNames);
  for (const { settings, metrics } of runs) {
    for (const path of Object.keys(settings)) names.add(path).add(path.replace(/^\w+\./, ""));
    for (const metric of Object.keys(metrics)) names.add(metric).add(metric.replace(/^\w+\//, ""));
  }
  return `no run has a setting or metric ${quote(name)}${didYouMean(name, [...names])}`;
}
