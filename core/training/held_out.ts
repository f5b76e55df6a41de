/** How many different sequences are held out. */
import type { Split, Task } from "./task.ts";

/** The most sequences of a split that differ, in every one of the tasks of the replicas; Infinity: no limit. */
export const heldOutOf = (tasks: readonly Pick<Task, "heldOut">[], split: Split): number =>
  split === "train"
    ? Infinity
    : Math.min(...tasks.map(({ heldOut }) => heldOut?.[split] ?? Infinity));
