import type { Task } from "../core/training/task.ts";

/**
 * The bound that the tasks [P] of all replicas share. Undefined where replicas differ: it would be wrong
 * for some of them.
 */
export function commonBound(
  tasks: readonly Task[],
  name: "chance" | "bestLoss",
): number | undefined {
  const [first] = tasks;
  return tasks.every((task) => task[name] === first?.[name]) ? first?.[name] : undefined;
}
