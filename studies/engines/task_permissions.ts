/** Flags of Deno that the tasks of deno.json give. */
import settings from "../../deno.json" with { type: "json" };

/** The permissions of `train`, or of the commands that start jobs. */
export const taskPermissions = (task: "train" | "jobs"): string[] =>
  settings.tasks[`may:${task}`].split(" ").filter((word) => word.startsWith("--"));
