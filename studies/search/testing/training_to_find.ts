/** How much training searches need to find what a grid finds. */
import { median } from "../../median.ts";
import { propose } from "../propose.ts";
import { lastScore } from "../standing.ts";
import type { Parameter, SweepFile } from "../sweep_file.ts";
import type { KnownTrial, Trial } from "../trial.ts";
import { simulate } from "./simulate.ts";
import { sweepOf } from "./sweeps.ts";

/** What is searched, and by what points are judged. */
export interface SearchProblem {
  /** Of the grid. */
  readonly grid: readonly Parameter[];
  /** Of the other searches. */
  readonly parameters: readonly Parameter[];
  /** Rows of metrics of a whole training. */
  readonly rows: number;
  /** What counts as equal to the best value of the grid. */
  readonly tolerance: number;
  /** To be minimized. @param row from 1. */
  scoreAt(values: Trial["values"], row: number): number;
}

/** Searches that are compared with the grid. */
export const searches: Readonly<Record<string, Partial<SweepFile>>> = {
  random: { method: "random" },
  TPE: { method: "bayes" },
  ASHA: { method: "random", earlyTermination: { rungs: [3, 9], eta: 3 } },
  "TPE with ASHA": { method: "bayes", earlyTermination: { rungs: [3, 9], eta: 3 } },
};

export interface Comparison {
  /** Points of the grid, and the best value of them. */
  readonly points: number;
  readonly best: number;
  /** By search: the share of the training of the grid that each seed needed to find a value as good. */
  readonly shares: Readonly<Record<string, readonly number[]>>;
}

/**
 * Compares searches with a grid. A training ends where a trial that was trained to its end is as good as the
 * best of the grid; at the latest when as many trials as the grid has points were begun, which counts as Infinity.
 */
export function compareSearches(problem: SearchProblem, seeds: readonly number[]): Comparison {
  const { rows, tolerance, scoreAt } = problem;
  const grid = propose(sweepOf(problem.grid, { method: "grid" }), {
    ...{ seed: 1, known: [], count: Infinity },
  });
  const best = grid.reduce((best, { values }) => Math.min(best, scoreAt(values, rows)), Infinity);
  const isFound = (trial: KnownTrial) =>
    trial.state === "finished" && lastScore(trial) <= best + tolerance;
  const shares = Object.entries(searches).map(([name, search]) => {
    const file = sweepOf(problem.parameters, { ...search, runCap: grid.length });
    const needed = seeds.map((seed) => {
      const played = simulate(file, { seed, rows, scoreAt, isEnough: isFound });
      return played.known.some(isFound) ? played.rows / (grid.length * rows) : Infinity;
    });
    return [name, needed] as const;
  });
  return { points: grid.length, best, shares: Object.fromEntries(shares) };
}

/** The median of each search. */
export const medians = ({ shares }: Comparison): Record<string, number> =>
  Object.fromEntries(Object.entries(shares).map(([name, needed]) => [name, median(needed)]));
