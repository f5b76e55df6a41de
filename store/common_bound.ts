import { metricFacts } from "../core/losses/metric_facts.ts";
import type { Task } from "../core/training/task.ts";

/**
 * The bound that the tasks [P] of all replicas share. Undefined where it is not known, where replicas
 * differ (it would be wrong for some of them), and for the chance of a score that is no share.
 */
export function commonBound(
  tasks: readonly Task[],
  name: "chance" | "bestLoss",
): number | undefined {
  const [first] = tasks;
  if (!first || !Number.isFinite(first[name])) return undefined;
  if (name === "chance" && metricFacts(first.loss, first.score).kind !== "share") return undefined;
  return tasks.every((task) => task[name] === first[name]) ? first[name] : undefined;
}

/** What a network reaches that guesses, of the metrics for which all replicas agree. */
export function commonGuessing([first, ...others]: readonly Task[]): Task["guessing"] {
  return Object.fromEntries(
    Object.entries(first?.guessing ?? {}).filter(([metric, value]) =>
      Number.isFinite(value) && others.every(({ guessing }) => guessing?.[metric] === value)
    ),
  );
}
