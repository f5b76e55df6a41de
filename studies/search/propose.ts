/** Proposes the trials of a sweep. */
import { randomPoint } from "./random_point.ts";
import type { Request } from "./request.ts";
import { isTargetReached, mostTrials, pointAt, pointKey, pointsOf } from "./space.ts";
import type { Method, SweepFile } from "./sweep_file.ts";
import { tpePoint } from "./tpe.ts";
import type { KnownTrial, Trial } from "./trial.ts";

type Propose = (file: SweepFile, request: Request) => Trial["values"] | undefined;

const proposals: Readonly<Record<Method, Propose>> = {
  grid: (file, { number }) => pointAt(file, number),
  random: randomPoint,
  bayes: tpePoint,
};

/**
 * The next trials of a sweep, a pure function of its arguments: equal answers of the same trials give the
 * same bits. No point comes twice.
 *
 * A grid goes through its points in order, the last parameter fastest. A random trial depends on the seed and
 * its number alone, so that a sweep that is resumed has the same trials. `bayes` reads what is known; trials
 * that are still running count among the bad ones, so that several can be asked for at once.
 *
 * @param options.seed of the search.
 * @param options.known all trials that were begun, in any order and any state.
 * @param options.count how many are asked for.
 * @returns at most `count` trials, with the smallest numbers that are not known; none: there are no more.
 *
 * @example
 * const [first] = propose(file, { seed: 1, known: [], count: 1 });
 */
export function propose(
  file: SweepFile,
  { seed, known, count }: {
    readonly seed: number;
    readonly known: readonly KnownTrial[];
    readonly count: number;
  },
): Trial[] {
  if (isTargetReached(file, known)) return [];
  const proposed: Trial[] = [];
  const begun = [...known];
  const numbers = new Set(known.map(({ trial }) => trial.number));
  const taken = new Set(known.map(({ trial }) => pointKey(trial.values)));
  const isTaken = (values: Trial["values"]) => taken.has(pointKey(values));
  const most = mostTrials(file);
  for (let number = 0; number < most && proposed.length < count; number++) {
    if (numbers.has(number)) continue;
    const request: Request = { seed, number, known: begun, isTaken };
    const values = proposals[file.method](file, request) ?? leftPoint(file, isTaken);
    if (!values) break;
    const trial: Trial = { number, values };
    taken.add(pointKey(values));
    begun.push({ trial, state: "running", scores: [] });
    proposed.push(trial);
  }
  return proposed;
}

/** The first point that is left of a space without ranges. */
function leftPoint(file: SweepFile, isTaken: Request["isTaken"]): Trial["values"] | undefined {
  const points = pointsOf(file);
  if (points === Infinity) return undefined;
  for (let number = 0; number < points; number++) {
    const values = pointAt(file, number);
    if (!isTaken(values)) return values;
  }
  return undefined;
}
