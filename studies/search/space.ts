/** The points of a sweep as a whole. */
import { isConstant } from "./domain.ts";
import type { Parameter, SweepFile } from "./sweep_file.ts";
import type { KnownTrial, Trial } from "./trial.ts";

/** Points that differ; Infinity where a parameter has a range. */
export const pointsOf = ({ parameters }: Pick<SweepFile, "parameters">): number =>
  parameters.reduce((points, { domain }) => points * valuesOf(domain).length, 1);

/** Most trials that a sweep may have. */
export const mostTrials = (file: SweepFile): number =>
  Math.min(file.runCap ?? Infinity, pointsOf(file));

/** The parameters that have more than one value. */
export const searched = ({ parameters }: Pick<SweepFile, "parameters">): Parameter[] =>
  parameters.filter(({ domain }) => !isConstant(domain));

/** The point of a number: the last parameter varies fastest. There is one for each number below `pointsOf`. */
export function pointAt({ parameters }: Pick<SweepFile, "parameters">, number: number) {
  let rest = number;
  const values = parameters.toReversed().map(({ path, domain }) => {
    const list = valuesOf(domain);
    const value = list[rest % list.length]!;
    rest = Math.floor(rest / list.length);
    return [path, value] as const;
  });
  return Object.fromEntries(values.toReversed()) as Trial["values"];
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

/** The values that may come; of a range there is no list. */
function valuesOf(domain: Parameter["domain"]) {
  if (domain.kind === "range") return { length: Infinity } as ArrayLike<Trial["values"][string]>;
  return domain.values.filter((_, index) => domain.probabilities[index]! > 0);
}
