/** Plays a sweep without training: metrics come from a function. */
import { nextWork, type Work } from "../next_work.ts";
import type { SweepFile } from "../sweep_file.ts";
import type { KnownTrial, Trial } from "../trial.ts";

/** A sweep that was played to its end, or until somebody had enough. */
export interface Played {
  /** All trials as they are now, in the order in which they were begun. */
  readonly known: readonly KnownTrial[];
  /** Rows that were trained, over all trials. */
  readonly rows: number;
}

/**
 * Plays a sweep with some processes. A row takes a unit of time, and each process that is free takes the next
 * work.
 *
 * @param options.rows of metrics of a training that is not stopped.
 * @param options.scoreAt the metric of a point in a row, from 1.
 * @param options.isEnough asked whenever a trial has come to its end.
 */
export function simulate(
  file: SweepFile,
  { seed, rows: whole, workers = 1, scoreAt, isEnough = () => false }: {
    seed: number;
    rows: number;
    workers?: number;
    scoreAt(values: Trial["values"], row: number): number;
    isEnough?: (finished: KnownTrial) => boolean;
  },
): Played {
  const known = new Map<number, KnownTrial>();
  const running: (Work & { readonly until: number })[] = [];
  let now = 0;
  let trained = 0;
  for (;;) {
    while (running.length < workers) {
      const work = nextWork(file, { seed, known: [...known.values()], count: 1 });
      if (typeof work === "string") break;
      const { trial, rows } = work[0]!;
      const before = known.get(trial.number)?.scores ?? [];
      const end = Math.min(rows, whole);
      known.set(trial.number, { trial, state: "running", scores: before });
      running.push({ trial, rows: end, until: now + end - before.length });
    }
    running.sort((a, b) => a.until - b.until);
    const done = running.shift();
    if (!done) break;
    now = done.until;
    const { scores } = known.get(done.trial.number)!;
    const more = Array.from({ length: done.rows - scores.length }, (_, n) => {
      const row = scores.length + n + 1;
      return { iteration: row, value: scoreAt(done.trial.values, row) };
    });
    trained += more.length;
    const state = done.rows === whole ? "finished" : "paused";
    const trial: KnownTrial = { trial: done.trial, state, scores: [...scores, ...more] };
    known.set(done.trial.number, trial);
    if (state === "finished" && isEnough(trial)) break;
  }
  return { known: [...known.values()], rows: trained };
}
