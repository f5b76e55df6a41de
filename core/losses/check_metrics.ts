import { CodeError } from "../code_error.ts";
import { checkKeys, type KeysOf } from "../program/check_spec.ts";
import { didYouMean } from "../similar_name.ts";
import type { Loss } from "./loss.ts";
import { type LossMetric, metricKinds } from "./loss_metric.ts";

const keys: KeysOf<LossMetric> = {
  kind: "required",
  unit: "optional",
  range: "optional",
  better: "optional",
  isNoisy: "optional",
  summary: "optional",
  along: "optional",
  sums: "required",
  of: "optional",
  needs: "optional",
};

const directions = ["more", "less"];

/**
 * Checks what a loss declares of its metrics: a run stores it, and reports are drawn of it.
 *
 * @param place where the loss, or the task that it judges, was defined.
 * @throws CodeError for the first metric that is none.
 */
export function checkMetrics(
  { name: loss, metrics }: Pick<Loss, "name" | "metrics">,
  place: () => string | undefined,
): void {
  for (const [name, metric] of Object.entries<unknown>(metrics)) {
    const what = `Loss ${loss}: metric "${name}"`;
    const fail = (problem: string): never => {
      throw new CodeError(`${what}: ${problem}`, place());
    };
    if (Array.isArray(metric)) {
      if (isTexts(metric) && metric.length === 2) continue;
      fail(`expected two names of sums`);
    }
    checkKeys(what, metric, { keys, functions: [], place });
    const { kind, better, sums, of } = metric as LossMetric;
    if (!metricKinds.includes(kind)) {
      fail(`kind: expected ${metricKinds.join(", ")}, got ${kind}`);
    }
    if (better !== undefined && !directions.includes(better)) {
      const hint = didYouMean(String(better), directions);
      fail(`better: expected more or less, got ${JSON.stringify(better)}${hint}`);
    }
    if (!isTexts(sums) || of === undefined && sums.length !== 2) {
      fail(`sums: expected ${of ? "" : "two "}names of sums`);
    }
  }
}

const isTexts = (sums: unknown): boolean =>
  Array.isArray(sums) && sums.every((name) => typeof name === "string");
