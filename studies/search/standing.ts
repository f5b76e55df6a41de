/** Which trials are better than which. */
import type { SweepFile } from "./sweep_file.ts";
import type { KnownTrial } from "./trial.ts";

/** How far a trial came and how good it was there. */
export interface Standing {
  /** Rungs that it has reached; one more if it is finished. */
  readonly level: number;
  /** Its metric there; NaN: not finite, or it has failed. */
  readonly value: number;
}

/** The metric of a trial in its last row: of the network that it left; NaN without rows. */
export const lastScore = ({ scores }: Pick<KnownTrial, "scores">): number =>
  scores.at(-1)?.value ?? NaN;

/** The standing of a trial; undefined of one that was judged nowhere yet. */
export function standingOf(
  { earlyTermination }: Pick<SweepFile, "earlyTermination">,
  { state, scores }: KnownTrial,
): Standing | undefined {
  const rungs = earlyTermination?.rungs ?? [];
  if (state === "failed") return { level: 0, value: NaN };
  if (state === "finished") return { level: rungs.length + 1, value: lastScore({ scores }) };
  const level = rungs.filter((rung) => rung <= scores.length).length;
  return level === 0 ? undefined : { level, value: scores[rungs[level - 1]! - 1]!.value };
}

/** Orders values of the metric, the best first and NaN last. */
export function compareValues(file: Pick<SweepFile, "metric">, a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return file.metric?.goal === "maximize" ? b - a : a - b;
}

/**
 * The trials that were judged, the best first: those that came further are better than those that were left
 * behind, and those without a finite value are the last. Of equal ones the earlier trial is first.
 */
export const rankTrials = (file: SweepFile, known: readonly KnownTrial[]): KnownTrial[] =>
  rankGroups(file, known).flat();

/** The same, with trials that are equally good in one group. */
export function rankGroups(file: SweepFile, known: readonly KnownTrial[]): KnownTrial[][] {
  const judged = known.flatMap((trial) => {
    const standing = standingOf(file, trial);
    return standing ? [{ trial, standing }] : [];
  });
  const compare = ({ standing: a }: typeof judged[0], { standing: b }: typeof judged[0]) =>
    Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value)) ||
    (Number.isNaN(a.value) ? 0 : b.level - a.level || compareValues(file, a.value, b.value));
  judged.sort((a, b) => compare(a, b) || a.trial.trial.number - b.trial.trial.number);
  const groups: KnownTrial[][] = [];
  judged.forEach((entry, index) => {
    const isTie = index > 0 && compare(judged[index - 1]!, entry) === 0;
    if (isTie) groups.at(-1)!.push(entry.trial);
    else groups.push([entry.trial]);
  });
  return groups;
}
