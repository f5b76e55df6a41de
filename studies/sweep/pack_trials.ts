/** Packs the points of a sweep into runs. */
import type { JsonValue, Trial } from "../search/trial.ts";
import { pointConfig } from "./point_config.ts";
import { buildPoint, type BuiltPoint, canShareRun, groupByRun } from "./same_run.ts";
import type { Sweep } from "./sweep.ts";
import { valueClasses } from "./value_classes.ts";

/** Points that are tried until one can be trained. */
export const MOST_TRIED = 32;

/**
 * Groups of trials that are taken to leave the program equal, in the order of their first ones: whether each value
 * does at the first trial that can be trained.
 *
 * @throws what the first trial throws, if none of the first ones can be trained.
 */
export function groupTrials(sweep: Sweep, trials: readonly Trial[]): Trial[][] {
  if (trials.length === 0) return [];
  const { trial: first, built: base } = firstPoint(sweep, trials);
  if (!canShareRun(base, base)) return trials.map((trial) => [trial]);
  const classes = new Map(
    Object.keys(first.values).map((path) => [path, classesOf(sweep, { path, trials, first })]),
  );
  const keyOf = ({ values }: Trial) =>
    Object.entries(values).map(([path, value]) => classes.get(path)!.get(JSON.stringify(value)))
      .join();
  return [...Map.groupBy(trials, keyOf).values()];
}

/**
 * The first trial that can be trained, and its point.
 *
 * @param trials at least one.
 * @throws what the first trial throws, if none of the first ones can be trained.
 */
export function firstPoint(
  sweep: Sweep,
  trials: readonly Trial[],
): { trial: Trial; built: BuiltPoint } {
  for (const trial of trials.slice(0, MOST_TRIED)) {
    const built = builtPoint(sweep, trial.values);
    if (built) return { trial, built };
  }
  const [trial] = trials as readonly [Trial];
  return { trial, built: buildPoint(pointConfig(sweep, trial.values)) };
}

/** The classes of the values of one setting. */
function classesOf(
  sweep: Sweep,
  { path, trials, first }: { path: string; trials: readonly Trial[]; first: Trial },
): ReadonlyMap<string, number> {
  const values = new Map(trials.map(({ values }) => [JSON.stringify(values[path]), values[path]!]));
  const built = new Map<string, BuiltPoint | undefined>();
  const build = (value: JsonValue) => {
    const text = JSON.stringify(value);
    if (!built.has(text)) built.set(text, builtPoint(sweep, { ...first.values, [path]: value }));
    return built.get(text);
  };
  return valueClasses([...values.values()], (a, b) => {
    const [one, other] = [build(a), build(b)];
    return one !== undefined && other !== undefined && canShareRun(one, other);
  });
}

/** Trials of one job in groups that leave the program equal indeed: each is built. */
export const groupExactly = (sweep: Sweep, trials: readonly Trial[]): Trial[][] =>
  groupByRun(trials, ({ values }) => builtPoint(sweep, values));

/** Undefined for a point that cannot be trained: its run will say why. */
function builtPoint(sweep: Sweep, values: Trial["values"]): BuiltPoint | undefined {
  try {
    return buildPoint(pointConfig(sweep, values));
  } catch {
    return undefined;
  }
}

/** Parts of a group of about equal size, in order. */
export function evenParts<T>(items: readonly T[], most: number): T[][] {
  const count = Math.ceil(items.length / most);
  return Array.from(
    { length: count },
    (_, part) =>
      items.slice(
        Math.floor(part * items.length / count),
        Math.floor((part + 1) * items.length / count),
      ),
  );
}
