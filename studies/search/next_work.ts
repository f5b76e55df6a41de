/** What a process that is free does next for a sweep. */
import { budgetOf, promotedTrials } from "./early_stop.ts";
import { propose } from "./propose.ts";
import type { SweepFile } from "./sweep_file.ts";
import type { KnownTrial, Trial } from "./trial.ts";

/** A trial, and how far it is trained now. */
export interface Work {
  readonly trial: Trial;
  /** Rows of metrics that it has then; Infinity: it is trained to its end. */
  readonly rows: number;
}

/**
 * The next work of a sweep: paused trials that may go on, those that came furthest first, then new ones. A pure
 * function of its arguments.
 *
 * @param options.count how much is asked for.
 * @returns `wait`: only what is running can lead to more; `done`: nothing is left.
 *
 * @example
 * nextWork(file, { seed: 1, known: [], count: 4 }); // four new trials, each to the first rung
 */
export function nextWork(
  file: SweepFile,
  { seed, known, count }: {
    readonly seed: number;
    readonly known: readonly KnownTrial[];
    readonly count: number;
  },
): readonly Work[] | "wait" | "done" {
  const promoted = [...promotedTrials(file, known)]
    .sort((a, b) => b.scores.length - a.scores.length || a.trial.number - b.trial.number)
    .slice(0, count).map((known) => ({ trial: known.trial, ...budgetOf(file, known) }));
  const begun = propose(file, { seed, known, count: count - promoted.length })
    .map((trial) => ({ trial, ...budgetOf(file, undefined) }));
  const work = [...promoted, ...begun];
  if (work.length > 0) return work;
  return known.some(({ state }) => state === "running") ? "wait" : "done";
}
