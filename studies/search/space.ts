/** The points of a sweep as a whole. */
import { isConstant } from "./domain.ts";
import type { Choice, Parameter, SweepFile } from "./sweep_file.ts";
import type { JsonValue, KnownTrial, Trial } from "./trial.ts";

/** Points that differ; Infinity where a parameter has a range. */
export const pointsOf = ({ parameters }: Pick<SweepFile, "parameters">): number =>
  parameters.reduce(
    (points, { domain }) => points * (domain.kind === "range" ? Infinity : possible(domain).length),
    1,
  );

/** The values of a list that may come. */
const possible = ({ values, probabilities }: Choice): JsonValue[] =>
  values.filter((_, index) => probabilities[index]! > 0);

/** Most trials that a sweep may have. */
export const mostTrials = (file: SweepFile): number =>
  Math.min(file.runCap ?? Infinity, pointsOf(file));

/** The parameters that have more than one value. */
export const searched = ({ parameters }: Pick<SweepFile, "parameters">): Parameter[] =>
  parameters.filter(({ domain }) => !isConstant(domain));

/**
 * The point of a number, of a space without ranges: the last parameter varies fastest. There is one for each
 * number below `pointsOf`.
 */
export function pointAt(
  { parameters }: Pick<SweepFile, "parameters">,
  number: number,
): Trial["values"] {
  let rest = number;
  const values = parameters.toReversed().map(({ path, domain }) => {
    const list = possible(domain as Choice);
    const value = list[rest % list.length]!;
    rest = Math.floor(rest / list.length);
    return [path, value] as const;
  });
  return Object.fromEntries(values.toReversed());
}

/** Equal of equal points. */
export const pointKey = (values: Trial["values"]): string => JSON.stringify(Object.entries(values));

/** Whether a trial has reached the target of the sweep, after which no more are begun. */
export function isTargetReached({ metric }: SweepFile, known: readonly KnownTrial[]): boolean {
  const target = metric?.target;
  if (target === undefined) return false;
  return known.some(({ scores }) =>
    scores.some(({ value }) => metric!.goal === "maximize" ? value >= target : value <= target)
  );
}
