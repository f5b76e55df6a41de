/** How a run ended, in words. */
import type { RunStatus } from "./run_files.ts";

/** What each end reason means for a run, as "The run ...". */
const endings: Readonly<Record<string, string>> = {
  completed: "finished",
  diverged: "diverged: a number was not finite",
  early_stopped: "was stopped early: its loss stayed high, or no network got better",
  unconverged: "ended without reaching its goal in the longest time",
  no_room: "ended, since there was no memory for the next level",
  preempted: "was preempted and can be resumed",
  interrupted: "was interrupted and can be resumed",
  failed: "failed",
};

/** The states of a run without a known end reason. */
const states: Readonly<Record<string, string>> = {
  ...endings,
  running: "is still running",
  finished: "finished",
};

/** Such as "finished" or "was preempted and can be resumed": it follows "The run". */
export function outcomeOf({ state, end_reason }: RunStatus): string {
  if (end_reason) {
    return endings[end_reason] ?? `${states[state ?? ""] ?? "ended"} (${end_reason})`;
  }
  if (state === undefined) return "left no state";
  return states[state] ?? `is in state "${state}"`;
}

/** One or two words for a tile. */
export function stateOf({ state, end_reason }: RunStatus): string | undefined {
  if (!end_reason || end_reason === "completed") return state;
  return Object.hasOwn(endings, end_reason) ? end_reason.replaceAll("_", " ") : state;
}
