/** What the processes of `run_trials.ts` are asked, and what they tell. */

/** Does one trial. @returns what went wrong; undefined if nothing did. */
export type Trial = (number: number) => Promise<string | undefined>;

/** What a module of trials exports as `prepareTrials`. */
export type PrepareTrials = (
  options: { name: string; seed: number; root: string },
) => Promise<Trial>;

export interface TrialsRequest {
  /** Of the module that exports `prepareTrials`. */
  readonly module: string;
  readonly names: readonly string[];
  readonly seed: number;
  readonly root: string;
  /** The process does the trials `first`, `first + every`, ... below `count`. */
  readonly count: number;
  readonly first: number;
  readonly every: number;
}

/** Told before each trial, and after it with what went wrong. */
export interface TrialReport {
  readonly name: string;
  readonly number: number;
  readonly problem?: string | undefined;
}
