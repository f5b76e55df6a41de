/**
 * Early termination by asynchronous successive halving (ASHA; Li, Jamieson, Rostamizadeh, Gonina, Ben-tzur,
 * Hardt, Recht and Talwalkar 2020, MLSys 2:230-246).
 *
 * Rungs are numbers of rows of metrics. A trial is trained to the first rung and paused there. It goes on to the
 * next one when it is in the best 1 / eta of all that have reached its rung, which may be at once or after others
 * have come. Nobody waits for a rung to be full, so that any number of processes can work.
 *
 * W&B's `hyperband` reads the same numbers, but stops running trials that are not in the best 1 / eta at the
 * time; what it stopped never goes on.
 */
import { isTargetReached, mostTrials } from "./space.ts";
import { compareValues, lastScore } from "./standing.ts";
import type { SweepFile } from "./sweep_file.ts";
import type { KnownTrial, Trial } from "./trial.ts";

/** How far to train: until a trial has so many rows of metrics; Infinity: to its end. */
export interface Budget {
  readonly rows: number;
}

/** What `early_terminate` says of rungs. */
interface Termination {
  readonly min_iter?: number | undefined;
  readonly max_iter?: number | undefined;
  readonly s?: number | undefined;
  readonly eta: number;
}

/** No training has more rows of metrics. */
const mostRows = 1e9;

/**
 * The rungs of W&B's numbers: min_iter, and eta times as many each time, up to max_iter; or with `s` max_iter
 * divided by eta, s times. Empty: they name none.
 *
 *     rungsOf({ min_iter: 2, max_iter: 20, eta: 3 }); // [2, 6, 18]
 *     rungsOf({ max_iter: 27, s: 2, eta: 3 }); // [3, 9]
 */
export function rungsOf({ min_iter, max_iter, s, eta }: Termination): number[] {
  const rungs: number[] = [];
  if (max_iter !== undefined && s !== undefined) {
    for (let k = 1, rung = max_iter / eta; k <= s && rung >= 1; k++, rung /= eta) {
      rungs.unshift(Math.floor(rung));
    }
  } else if (min_iter !== undefined) {
    for (let rung = min_iter; rung < (max_iter ?? mostRows); rung *= eta) {
      rungs.push(Math.floor(rung));
    }
  }
  return [...new Set(rungs)].filter((rung) => rung >= (min_iter ?? 1));
}

/**
 * How far a trial is trained next. A row of metrics comes every `training.log_every` iterations; a training
 * that is shorter than the rows asked for is trained to its end.
 *
 * @param known all trials that were begun, in any order; the trial itself may be missing, if it is new.
 * @returns `wait`: it stays paused, others may still come; `stop`: it is over.
 *
 * @example
 * nextBudget(file, trial, []); // { rows: 2 }, if the first rung is at row 2
 */
export function nextBudget(
  file: SweepFile,
  { number }: Pick<Trial, "number">,
  known: readonly KnownTrial[],
): Budget | "stop" | "wait" {
  const trial = known.find(({ trial }) => trial.number === number);
  if (trial && trial.state !== "running" && trial.state !== "paused") return "stop";
  if (trial?.state !== "paused") return budgetOf(file, trial);
  const promoted = promotedTrials(file, known);
  if (promoted.has(trial)) return budgetOf(file, trial);
  const isOpen = promoted.size > 0 || mayCome(file, known);
  return isOpen ? "wait" : "stop";
}

/** To the first rung that a trial has not reached. */
export const budgetOf = (
  { earlyTermination }: SweepFile,
  trial: Pick<KnownTrial, "scores"> | undefined,
): Budget => {
  const done = trial?.scores.length ?? 0;
  return { rows: earlyTermination?.rungs.find((rung) => rung > done) ?? Infinity };
};

/**
 * The paused trials that may go on. Where nothing else is left to do and no trial is finished, the best of those
 * that came furthest is one: every sweep ends with a network that was trained to its end.
 */
export function promotedTrials(
  file: SweepFile,
  known: readonly KnownTrial[],
): ReadonlySet<KnownTrial> {
  const { rungs = [], eta = 1 } = file.earlyTermination ?? {};
  const paused = known.filter(({ state }) => state === "paused");
  const rungOf = ({ scores }: KnownTrial) => rungs.findLast((rung) => rung <= scores.length);
  // One that was stopped on its way to the first rung has still to get there.
  const promoted = new Set(paused.filter((trial) => rungOf(trial) === undefined));
  for (const rung of new Set(paused.map(rungOf))) {
    if (rung === undefined) continue;
    const reached = atRung(file, known, rung);
    for (const trial of reached.slice(0, Math.floor(reached.length / eta))) {
      if (trial.state === "paused" && rungOf(trial) === rung && isFinite(scoreAt(trial, rung))) {
        promoted.add(trial);
      }
    }
  }
  const isFinished = known.some(({ state }) => state === "finished");
  if (promoted.size > 0 || isFinished || mayCome(file, known)) return promoted;
  const last = Math.max(...paused.map((trial) => rungOf(trial)!));
  const [best] = atRung(file, paused, last);
  return new Set(best && isFinite(scoreAt(best, last)) ? [best] : []);
}

/** The trials that have reached a rung, or ended before it by themselves; the best first. */
const atRung = (file: SweepFile, known: readonly KnownTrial[], rung: number): KnownTrial[] =>
  known.filter(({ state, scores }) => scores.length >= rung || state === "finished").sort((a, b) =>
    compareValues(file, scoreAt(a, rung), scoreAt(b, rung)) || a.trial.number - b.trial.number
  );

const scoreAt = (trial: KnownTrial, rung: number): number =>
  trial.scores[rung - 1]?.value ?? lastScore(trial);

/** Whether trials may reach a rung without anybody going on from one: they are running, or have not begun. */
const mayCome = (file: SweepFile, known: readonly KnownTrial[]): boolean =>
  known.some(({ state }) => state === "running") ||
  known.length < mostTrials(file) && !isTargetReached(file, known);
