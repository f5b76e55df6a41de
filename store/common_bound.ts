import type { Task } from "../core/training/task.ts";

/**
 * A bound of the tasks of all replicas; undefined where it is not one for all: it would be wrong for
 * some.
 */
export function commonBound(
  tasks: readonly Task[],
  name: "chance" | "bestLoss",
): number | undefined {
  const [first] = tasks;
  return tasks.every((task) => task[name] === first?.[name]) ? first?.[name] : undefined;
}
