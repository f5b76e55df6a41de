/** What a row came to, in numbers and in a word. */
import { type Guesser, memorylessGuesser } from "../../../analysis/memoryless.ts";
import { buildTask } from "../../../config/build/build_run.ts";
import type { RunConfig } from "../../../config/run_config.ts";
import { mean, meanInterval } from "../../../core/numerics/statistics.ts";
import { type Criterion, meets, type Reached, reachedBy } from "./criterion.ts";
import { type GuessLevel, guessLevelOf } from "./guess_level.ts";
import { countedScore, type OverSeeds, overSeeds } from "./over_seeds.ts";
import type { RowResult, SeedResult } from "./read_row.ts";

/**
 * How a row did:
 * - good: nine of ten seeds or more end at the criterion;
 * - mixed: some do;
 * - partial: none does, but the score is above what a guesser without memory reaches;
 * - no memory: it is not;
 * - not run.
 */
export type Outcome = "good" | "mixed" | "partial" | "no memory" | "not run";

/** Norms of a row, means over seeds; undefined: it has none. */
export interface Norms {
  readonly weightHigh: number | undefined;
  readonly weightLow: number | undefined;
  readonly updateHigh: number | undefined;
  readonly updateLow: number | undefined;
}

export interface JudgedRow {
  readonly result: RowResult;
  readonly score: OverSeeds;
  readonly loss: OverSeeds;
  readonly diverged: number;
  readonly reached: Reached;
  /** Seeds whose score on fresh sequences meets the criterion at the end. */
  readonly good: number;
  /** The mean score of a guesser that sees what the network is shown at a step, or else chance. */
  readonly ceiling: number | undefined;
  /**
   * Whether the score is better than that by more than seeds vary; of a single seed, better at all. Where no such
   * level is known, everything counts as better.
   */
  readonly isAboveCeiling: boolean;
  /** What the task has in place of chance; undefined: nothing. */
  readonly guess: GuessLevel | undefined;
  /** Whether nothing in it can last from step to step. */
  readonly isControl: boolean;
  readonly outcome: Outcome;
  readonly norms: Norms;
  /** Updates a second, of all seeds side by side; NaN: not known. */
  readonly speed: number;
}

const GOOD_SHARE = 0.9;

/** Models whose only memory is recurrence and what a rule writes inside a sequence, and such rules. */
const plainModels = ["ethereal", "rnn"];
const writesInside = ["dfa", "backprop"];

/** Whether a network has neither recurrence nor weights that are written inside a sequence. */
export const isMemoryless = ({ model, updater, catalogue }: RunConfig): boolean =>
  plainModels.includes(model.name) && model.enable_recurrence === false &&
  !(catalogue.find("model", model.name).features.includes("fastWeights") &&
    writesInside.includes(updater.name));

/** Judges rows. */
export function judgeRows(results: readonly RowResult[], threshold: number): JudgedRow[] {
  const guessers = new Map<string, Guesser | undefined>();
  const guesses = new Map<string, GuessLevel | undefined>();
  return results.map((result) => {
    const { task, model } = result.config;
    const taskKey = JSON.stringify(task);
    if (!guesses.has(taskKey)) guesses.set(taskKey, guessLevelOf(buildTask(result.config)));
    const sight = {
      window: model.input_mode === "last_two" ? 2 : 1,
      seesStep: Number(model.positional_encoding_dim ?? 0) > 0,
    };
    const key = JSON.stringify([task, sight]);
    if (!guessers.has(key)) {
      guessers.set(key, memorylessGuesser(buildTask(result.config), sight));
    }
    return judgeRow(result, {
      threshold,
      guesser: guessers.get(key),
      guess: guesses.get(taskKey),
    });
  });
}

function judgeRow(
  result: RowResult,
  { threshold, guesser, guess }: {
    threshold: number;
    guesser: Guesser | undefined;
    guess: GuessLevel | undefined;
  },
): JudgedRow {
  const { seeds, facts, config: { training }, runs } = result;
  const criterion: Criterion = { threshold, facts: facts.score };
  const judged = training.test_sequences || training.evaluation_sequences || 1;
  const score = overSeeds(seeds.map(({ score }) => score), { facts: facts.score, judged });
  const good = seeds.filter(({ score }) => meets(score, criterion)).length;
  const { ceiling, isAboveCeiling } = againstCeiling(result, guesser);
  const [run] = runs.toSorted((a, b) => b.iterations - a.iterations);
  return {
    result,
    score,
    loss: overSeeds(seeds.map(({ loss }) => loss), { facts: facts.loss, judged }),
    diverged: seeds.filter(({ hasDiverged }) => hasDiverged).length,
    reached: reachedBy(seeds, criterion),
    good,
    ceiling,
    isAboveCeiling,
    guess,
    isControl: isMemoryless(result.config),
    outcome: outcomeOf({ seeds: seeds.length, good, isAboveCeiling }),
    norms: normsOf(seeds),
    speed: run ? run.iterations / run.seconds : NaN,
  };
}

function outcomeOf(
  { seeds, good, isAboveCeiling }: Pick<JudgedRow, "good" | "isAboveCeiling"> & { seeds: number },
): Outcome {
  if (seeds === 0) return "not run";
  if (good >= GOOD_SHARE * seeds) return "good";
  if (good > 0) return "mixed";
  return isAboveCeiling ? "partial" : "no memory";
}

/** Compares a row with a guesser without memory, seed by seed on the same sequences; without one, with chance. */
function againstCeiling(
  { seeds, facts, chance, config: { training } }: RowResult,
  guesser: Guesser | undefined,
): Pick<JudgedRow, "ceiling" | "isAboveCeiling"> {
  const isTested = training.test_sequences > 0;
  const draws = {
    split: isTested ? "test" : "validation",
    sequences: isTested ? training.test_sequences : training.evaluation_sequences || 1000,
    batch: training.batch_size,
  } as const;
  const levels = seeds.map(({ seed }) =>
    guesser ? guesser.score({ seed, ...draws }) : chance ?? NaN
  );
  const ceiling = mean(levels);
  if (Number.isNaN(ceiling)) return { ceiling: undefined, isAboveCeiling: true };
  const sign = facts.score.better === "less" ? -1 : 1;
  const gaps = seeds.map(({ score }, index) =>
    sign * (countedScore(score, facts.score) - levels[index]!)
  );
  return { ceiling, isAboveCeiling: (meanInterval(gaps)?.low ?? mean(gaps)) > 0 };
}

/**
 * Means over seeds of the newest norms. A network with slow weights alone has a mean over its weights, or over all
 * of its parameters where none is called so.
 */
function normsOf(seeds: readonly SeedResult[]): Norms {
  const over = (of: (norms: SeedResult["norms"]) => number | undefined) => {
    const values = seeds.flatMap(({ norms }) => of(norms) ?? []).filter(Number.isFinite);
    return values.length === 0 ? undefined : mean(values);
  };
  const slow = (norms: SeedResult["norms"]) => {
    const parameters = Object.entries(norms).filter(([name]) => name.startsWith("norm/"));
    const weights = parameters.filter(([name]) => name.endsWith("weight"));
    const counted = weights.length > 0 ? weights : parameters;
    return counted.length === 0 ? undefined : mean(counted.map(([, value]) => value));
  };
  return {
    weightHigh: over((norms) => norms.weight_norm_high),
    weightLow: over((norms) => norms.weight_norm_low ?? slow(norms)),
    updateHigh: over((norms) => norms.update_norm_high),
    updateLow: over((norms) => norms.update_norm_low),
  };
}
