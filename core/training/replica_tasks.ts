/** The tasks of replicas that are trained side by side. */
import type { Task } from "./task.ts";

/** Whether two tasks have the same score, and the same way to end training. */
export const judgedAlike = (first: Task, second: Task): boolean => kindOf(first) === kindOf(second);

const kindOf = ({ name, score, levels, goal }: Task): string =>
  [name, `score ${score}`, levels && "levels", goal && "a goal"].filter(Boolean).join(", ");

/**
 * The task of each of P replicas.
 *
 * @param task one for all, or one per replica. They may draw other sequences and have other goals.
 * @throws RangeError if there is not one per replica, or if they are not judged alike.
 */
export function replicaTasks(task: Task | readonly Task[], replicas: number): readonly Task[] {
  if ("sequence" in task) return Array.from({ length: replicas }, () => task);
  const [first] = task;
  if (first === undefined || task.length !== replicas) {
    throw new RangeError(`Expected ${replicas} tasks, one per replica, got ${task.length}`);
  }
  const other = task.find((candidate) => !judgedAlike(first, candidate));
  if (other) {
    throw new RangeError(
      `Expected tasks that are judged alike, got (${kindOf(first)}) and (${kindOf(other)})`,
    );
  }
  return task;
}
