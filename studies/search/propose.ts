/** Proposes trials. */
import type { SweepFile } from "./sweep_file.ts";
import type { KnownTrial, Trial } from "./trial.ts";

/**
 * The next trials of a sweep: a pure function of its arguments.
 *
 * @param options.seed of the search.
 * @param options.known all trials that were begun, in any order and any state.
 * @param options.count how many are asked for; fewer come at the end.
 * @returns `wait` where results have to come first, `done` where there are no more points.
 */
export declare function propose(
  file: SweepFile,
  options: {
    readonly seed: number;
    readonly known: readonly KnownTrial[];
    readonly count: number;
  },
): readonly Trial[] | "wait" | "done";
