/** The metrics by which rows say how far each network is. */
import type { Task } from "./task.ts";

/** Their names for a task with levels or a goal; none for others. */
export const standingNames = ({ goal, levels }: Pick<Task, "goal" | "levels">): string[] =>
  goal ? ["goal/reached", "goal/updates"] : levels ? ["curriculum/level", "curriculum/passed"] : [];
