/**
 * Reads which settings are swept, over which values. Several paths with commas between are swept together: each of
 * their values is a list with one of each.
 */
import { cut, quote } from "./plain_text.ts";
import { type Assignment, checkSection, type SectionName } from "./assignment.ts";
import { splitList } from "./split_list.ts";
import { UsageError } from "./usage_error.ts";

/** Settings that are swept together, mostly a single one. */
export interface SweptSettings {
  /** Their paths, with commas between: the key of the stored sweep. */
  readonly key: string;
  /** [values][settings], what is assigned at each value. */
  readonly points: readonly (readonly Assignment[])[];
}

/** The settings that assignments are of. @param points [values][settings] */
export const sweptSettings = (points: readonly (readonly Assignment[])[]): SweptSettings => ({
  key: points[0]!.map(pathOf).join(","),
  points,
});

export const pathOf = ({ section, key }: Assignment): string => `${section}.${key}`;

/** Paths of the settings that are swept together under a key. */
export const pathsOfKey = (key: string): string[] => key.split(",").map((path) => path.trim());

/** One value of each setting of a key: a list of values where there are several settings. */
export const valuesOfKey = (key: string, value: unknown): readonly unknown[] =>
  !key.includes(",") ? [value] : Array.isArray(value) ? value : [];

/**
 * Separates sweeps from other assignments. A later sweep of a path replaces an earlier one, and the sweep
 * of a config file replaces all before it. On a command line a path may be swept only once.
 *
 * @throws UsageError if a sweep is no list of values, or a swept setting is typed too.
 */
export function takeSweeps(
  assignments: readonly Assignment[],
): { swept: readonly SweptSettings[]; others: readonly Assignment[] } {
  const swept = new Map<string, SweptSettings>();
  const typedPaths = new Set<string>();
  const isSweep = ({ section, key }: Assignment) => section === "training" && key === "sweep";
  for (const assignment of assignments.filter(isSweep)) {
    if (!assignment.isText) swept.clear();
    for (const [key, values] of entriesOf(assignment)) {
      const { isText } = assignment;
      const origin = `${assignment.origin} ${cut(key)}`;
      const paths = pathsOfKey(key);
      for (const path of isText ? paths : []) {
        if (typedPaths.has(path)) throw new UsageError(`${origin}: it is given twice`);
        typedPaths.add(path);
      }
      const settings = paths.map((path) => settingOf(path, origin));
      if (values.length === 0) {
        throw new UsageError(`${origin}: expected values with commas between, got none`);
      }
      const points = values.map((value) =>
        together(value, { isText, settings, origin }).map((value, place) => ({
          ...settings[place]!,
          ...{ value, isText, origin },
        }))
      );
      for (const other of swept.keys()) {
        if (pathsOfKey(other).some((path) => paths.includes(path))) swept.delete(other);
      }
      swept.set(paths.join(","), { key: paths.join(","), points });
    }
  }
  const others = assignments.filter((assignment) => !isSweep(assignment));
  // A file may hold the first value of a sweep, as the config of a run does.
  for (const { section, key, isText, origin } of others) {
    const sweep = [...swept.values()].flatMap(({ points }) => points[0]!)
      .find((other) => other.section === section && other.key === key);
    if (sweep && isText) throw new UsageError(`${origin}: ${sweep.origin} sets it already`);
  }
  return { swept: [...swept.values()], others };
}

/** A value of each of the settings that are swept together. @throws UsageError for another number of values. */
function together(
  value: unknown,
  { isText, settings: { length }, origin }: {
    isText: boolean;
    settings: readonly unknown[];
    origin: string;
  },
): readonly unknown[] {
  if (length === 1) return [value];
  const values = isText ? splitList(String(value).replace(/^\[(.*)\]$/s, "$1")) : value;
  if (Array.isArray(values) && values.length === length) return values;
  throw new UsageError(
    `${origin}: expected lists of ${length} values, such as [1,2], got ${quote(value)}`,
  );
}

/** Paths and values of a sweep, typed as `path=a,b` or given as a record of lists. */
function entriesOf({ value, isText, origin }: Assignment): [string, readonly unknown[]][] {
  if (isText) {
    const [, path, list] = /^([^=]+)=(.*)$/s.exec(String(value)) ?? [];
    if (path !== undefined) return [[path, splitList(list!)]];
    throw new UsageError(
      `${origin}: expected a setting and its values, such as task.memories=5,10,20, got ` +
        quote(value),
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsageError(
      `${origin}: expected settings with lists of values, got ${quote(value)}`,
    );
  }
  return Object.entries(value).map(([path, values]) => {
    if (Array.isArray(values)) return [path, values];
    const got = quote(values);
    throw new UsageError(`${origin} ${cut(path)}: expected a list of values, got ${got}`);
  });
}

/** @throws UsageError if the path is no setting that can be swept. */
function settingOf(path: string, origin: string): { section: SectionName; key: string } {
  const [name = "", key, ...rest] = path.split(".");
  if (key === undefined || rest.length > 0) {
    throw new UsageError(`${origin}: expected section.setting, such as task.memories`);
  }
  const section = checkSection(name, origin);
  if (section === "training" || section === "device") {
    const seeds = path === "training.seeds" ? ", seeds are given by --seeds" : "";
    throw new UsageError(
      `${origin}: it holds for all replicas of a run; settings of task, model and updater can be ` +
        `swept${seeds}`,
    );
  }
  if (key === "name") {
    throw new UsageError(
      `${origin}: another ${section} is another program; train it in a run of its own`,
    );
  }
  return { section, key };
}
