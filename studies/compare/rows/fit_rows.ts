/** Makes rows of drafts: each gets the settings that act on it, and is checked before anything is trained. */
import type { Assignment } from "../../../config/assignment.ts";
import { setAssignment } from "../../../config/config_file.ts";
import { buildRun } from "../../../config/build/build_run.ts";
import { entrySections, isFileName, tablesOnly } from "../../../config/catalogue.ts";
import { choosePreset, findNames } from "../../../config/entry_names.ts";
import { whyIgnored } from "../../../config/ignored_settings.ts";
import { quote } from "../../../config/plain_text.ts";
import { pointLabel } from "../../../config/replicas.ts";
import { resolveConfig } from "../../../config/resolve_config.ts";
import { type RunConfig, sectionsOf } from "../../../config/run_config.ts";
import { UsageError } from "../../../config/usage_error.ts";
import { didYouMean } from "../../../core/similar_name.ts";
import type { Draft, Row } from "../row.ts";
import { combinationsOf, type VariedSetting } from "./vary.ts";

/** Settings of all rows; those that a row's model, task or updater does not have are left out there. */
export interface CommonSettings {
  /** Weaker than what a row says itself. */
  readonly shared: readonly Assignment[];
  readonly varied: readonly VariedSetting[];
  /** Stronger than everything else: `--set`. */
  readonly set: readonly Assignment[];
}

/** Rows that one command may train. */
const MOST_ROWS = 1000;
/** Longest name of a row's folder, without its seeds. */
const LONGEST_NAME = 150;

/**
 * All drafts with all combinations of what is varied. Rows that come out equal, since what is varied does not
 * act on them, are one.
 *
 * @throws UsageError, in one line, for a setting that acts on no row, a wrong value, a model that cannot be
 * trained so, rows of one name, or rows that are judged in different ways.
 */
export function fitRows(drafts: readonly Draft[], common: CommonSettings): Row[] {
  const { shared, varied, set } = common;
  const used = new Set<Assignment>();
  const rows = new Map<string, Row>();
  const combinations = combinationsOf(varied);
  if (drafts.length * combinations.length > MOST_ROWS) {
    const count = drafts.length * combinations.length;
    throw new UsageError(`expected at most ${MOST_ROWS} rows, got ${count}`);
  }
  for (const draft of drafts) {
    for (const combination of combinations) {
      const acts = actingOn([...shared, ...draft.own, ...combination, ...set]);
      const chosen = combination.filter(acts);
      const applied = [...shared.filter(acts), ...draft.own, ...chosen, ...set.filter(acts)];
      for (const assignment of applied) used.add(assignment);
      const row = rowOf(draft, { applied, chosen });
      const key = JSON.stringify([row.settings.toSorted(), row.iterations]);
      if (!rows.has(key)) rows.set(key, row);
    }
  }
  const unused = [...shared, ...varied.flatMap(({ assignments }) => assignments), ...set]
    .find((assignment) => !used.has(assignment));
  if (unused) throw actsNowhere(unused, [...rows.values()]);
  requireDistinct([...rows.values()]);
  return [...rows.values()];
}

/** Whether a setting acts on the row of these assignments. */
function actingOn(assignments: readonly Assignment[]): (assignment: Assignment) => boolean {
  for (const { section, key, value, origin } of assignments) {
    const isName = key === "name" && entrySections.some((entry) => entry === section);
    if (isName && typeof value === "string" && isFileName(value)) {
      throw new UsageError(
        `${origin}: rows name what Hebb brings along, got the file ${quote(value)}`,
      );
    }
  }
  const names = findNames(assignments, choosePreset(assignments, tablesOnly).names, tablesOnly);
  const sections = sectionsOf(names, tablesOnly);
  return ({ section, key }) =>
    key === "name" ||
    (Object.hasOwn(sections[section].shape, key) &&
      whyIgnored(key, names, tablesOnly) === undefined);
}

/** Settings that options of the command give, not rows. */
const givenElsewhere: Readonly<Record<string, string>> = {
  "training.seeds": "seeds are given by --seeds",
  "training.sweep": "values are compared by --vary",
};

function rowOf(
  { title, published, studies }: Draft,
  { applied, chosen }: { applied: readonly Assignment[]; chosen: readonly Assignment[] },
): Row {
  const values = new Map(
    applied.map((assignment) => [`${assignment.section}.${assignment.key}`, assignment]),
  );
  for (const [path, { section, origin }] of values) {
    const hint = section === "device" ? "devices are given by --device" : givenElsewhere[path];
    if (hint !== undefined) throw new UsageError(`${origin}: ${hint}`);
  }
  const label = pointLabel(
    Object.fromEntries(chosen.map(({ section, key, value }) => [`${section}.${key}`, value])),
  );
  const fullTitle = label === "" ? title : `${title}, ${label}`;
  const { training, ...config } = checkedConfig([...values.values()], fullTitle);
  const hasIterations = values.delete("training.iterations");
  for (const section of entrySections) values.delete(`${section}.name`);
  return {
    name: folderName(fullTitle),
    title: fullTitle,
    settings: [
      // Defaults depend on the names, so that a row says all of them.
      ...entrySections.map((section) => `${section}.name=${config[section].name}`),
      ...[...values].map(([path, { value }]) => `${path}=${textOf(value)}`),
    ],
    ...hasIterations ? { iterations: training.iterations } : {},
    // What becomes of a network is what is asked.
    mayDiverge: true,
    ...published ? { published } : {},
    ...studies ? { studies } : {},
  };
}

/** @throws UsageError if the settings are wrong, or do not fit together. */
function checkedConfig(applied: readonly Assignment[], title: string): RunConfig {
  const { config } = resolveConfig(applied);
  try {
    buildRun(config);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`row ${quote(title)}: ${error.message}`, { cause: error });
  }
  return config;
}

/** As typed after `--set`. */
const textOf = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

/** A title as part of a folder's name. */
const folderName = (title: string): string =>
  title.toLowerCase().replaceAll(/[^a-z0-9._]+/g, "-").replaceAll(/^[-.]+|-+$/g, "");

function actsNowhere({ section, key, origin }: Assignment, rows: readonly Row[]): UsageError {
  const keys = rows.flatMap(({ settings }) =>
    Object.keys(resolveConfig(settings.map(setAssignment)).config[section])
  );
  return new UsageError(
    keys.includes(key)
      ? `${origin}: it acts on no row, though some have it`
      : `${origin}: no row has the setting ${key}${didYouMean(key, keys)}`,
  );
}

/** @throws UsageError if two rows would have one folder, or one has no name that a folder can have. */
function requireDistinct(rows: readonly Row[]): void {
  const byName = new Map<string, Row>();
  for (const row of rows) {
    const other = byName.get(row.name);
    if (other) {
      throw new UsageError(
        `rows ${quote(other.title)} and ${quote(row.title)} would have one folder, ${row.name}`,
      );
    }
    if (row.name === "" || row.name.length > LONGEST_NAME) {
      throw new UsageError(
        `row ${quote(row.title)}: expected a name of 1 to ${LONGEST_NAME} letters, for its folder`,
      );
    }
    byName.set(row.name, row);
  }
}
