import type { Task } from "./task.ts";

/** Whether the scores of two tasks are the same kind of number, and end training in the same way. */
export const judgedAlike = (first: Task, second: Task): boolean => kindOf(first) === kindOf(second);

const kindOf = ({ name, score, levels, goal }: Task): string =>
  [name, `score ${score}`, levels && "levels", goal && "a goal"].filter(Boolean).join(", ");

/**
 * The task of each of P replicas.
 *
 * @param task one for all, or one a replica: they may draw other sequences and ask for other goals.
 * @throws RangeError if there is not one for each, or they are not judged alike.
 */
export function replicaTasks(task: Task | readonly Task[], replicas: number): readonly Task[] {
  if ("sequence" in task) return Array.from({ length: replicas }, () => task);
  const [first] = task;
  if (first === undefined || task.length !== replicas) {
    throw new RangeError(`Expected ${replicas} tasks, one a replica, got ${task.length}`);
  }
  const other = task.find((candidate) => !judgedAlike(first, candidate));
  if (other) {
    throw new RangeError(
      `Expected tasks that are judged alike, got (${kindOf(first)}) and (${kindOf(other)})`,
    );
  }
  return task;
}
