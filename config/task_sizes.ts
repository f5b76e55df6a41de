/** What a model's config takes from the task. */
import type { Model } from "../core/program/model.ts";
import type { Task } from "../core/training/task.ts";

/** The settings of a model that its task gives; undefined if the task does not make what it reads. */
export function taskSizes(
  { fromTask }: Pick<Model, "fromTask">,
  { sizes }: Pick<Task, "sizes">,
): Readonly<Record<string, number>> | undefined {
  if (!fromTask.every((key) => Object.hasOwn(sizes, key))) return undefined;
  return Object.fromEntries(fromTask.map((key) => [key, sizes[key]!]));
}
