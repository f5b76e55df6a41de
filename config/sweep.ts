/** Reads which settings are swept, over which values. */
import { cut, quote } from "./plain_text.ts";
import { type Assignment, checkSection, type SectionName } from "./assignment.ts";
import { splitList } from "./split_list.ts";
import { UsageError } from "./usage_error.ts";

/** A setting that is swept. */
export interface SweptSetting {
  readonly path: string;
  /** An assignment of each value. */
  readonly assignments: readonly Assignment[];
}

/** The setting that assignments, one of each value, are of. */
export const sweptSetting = (assignments: readonly Assignment[]): SweptSetting => ({
  path: `${assignments[0]!.section}.${assignments[0]!.key}`,
  assignments,
});

/**
 * Separates sweeps from other assignments. A later sweep of a path replaces an earlier one, and the sweep
 * of a config file replaces all before it. On a command line a path may be swept only once.
 *
 * @throws UsageError if a sweep is no list of values, or a swept setting is typed too.
 */
export function takeSweeps(
  assignments: readonly Assignment[],
): { swept: readonly SweptSetting[]; others: readonly Assignment[] } {
  const swept = new Map<string, readonly Assignment[]>();
  const typedPaths = new Set<string>();
  const isSweep = ({ section, key }: Assignment) => section === "training" && key === "sweep";
  for (const assignment of assignments.filter(isSweep)) {
    if (!assignment.isText) swept.clear();
    for (const [path, values] of entriesOf(assignment)) {
      const { isText } = assignment;
      const origin = `${assignment.origin} ${cut(path)}`;
      if (isText && typedPaths.has(path)) throw new UsageError(`${origin}: it is given twice`);
      if (isText) typedPaths.add(path);
      const { section, key } = settingOf(path, origin);
      if (values.length === 0) {
        throw new UsageError(`${origin}: expected values with commas between, got none`);
      }
      swept.set(path, values.map((value) => ({ section, key, value, isText, origin })));
    }
  }
  const others = assignments.filter((assignment) => !isSweep(assignment));
  // A file may hold the first value of a sweep, as the config of a run does.
  for (const { section, key, isText, origin } of others) {
    const [sweep] = swept.get(`${section}.${key}`) ?? [];
    if (sweep && isText) throw new UsageError(`${origin}: ${sweep.origin} sets it already`);
  }
  return { swept: [...swept.values()].map(sweptSetting), others };
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
