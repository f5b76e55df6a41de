/** From assignments, weakest first, to a config that is complete and checked. */
import { quote } from "./plain_text.ts";
import { z } from "../deps/zod.ts";
import type { SettingsSchema } from "../core/program/settings_schema.ts";
import { beyondFloat32, float32Range } from "../core/program/float32_range.ts";
import { type Assignment, type SectionName, sectionNames } from "./assignment.ts";
import { type Catalogue, type EntrySection, entrySections, tablesOnly } from "./catalogue.ts";
import { withPlace } from "../core/code_error.ts";
import { definitionPlace } from "../core/code_place.ts";
import { SettingError } from "../core/training/setting_error.ts";
import { errorLine } from "./error_line.ts";
import { UsageError } from "./usage_error.ts";
import { convertText } from "./convert_text.ts";
import { didYouMean } from "../core/similar_name.ts";
import { choosePreset, findNames, findPreset, presetAssignments } from "./entry_names.ts";
import { explainIssue } from "./explain_issue.ts";
import { whyForeign } from "./foreign_settings.ts";
import { ignoredNotes, type IgnoredSetting, whyIgnored } from "./ignored_settings.ts";
import { namedModel, withOurNames } from "./published_names.ts";
import { configOf, firstOfPoints, replicasOf } from "./replicas.ts";
import {
  type EntryNames,
  mostPoints,
  mostReplicas,
  objectSchema,
  type RunConfig,
  type Sections,
  sectionsOf,
  trainingConfig,
} from "./run_config.ts";
import { pathsOfKey, type SweptSettings, sweptSettings, takeSweeps } from "./sweep.ts";
import { taskSizes } from "./task_sizes.ts";

export interface ResolveOptions {
  /** Name of a preset. Default: the one that fits the assignments. */
  readonly preset?: string | undefined;
  /** Path of the config that the settings are stored in. It has to be complete: no preset adds to it. */
  readonly source?: string;
  /** What names stand for; default: the tables. */
  readonly catalogue?: Catalogue;
}

export interface Resolved {
  readonly config: RunConfig;
  /** A line for each typed setting that does nothing here, or is met only nearly. */
  readonly notes: readonly string[];
}

/** The entries that a config names, and the schemas of its sections. */
interface Schemas {
  readonly names: EntryNames;
  readonly sections: Sections;
  readonly catalogue: Catalogue;
}

/** Names the source of a setting in errors. */
type OriginOf = (section: string, key: string) => string;

/**
 * Resolves settings to the config of a run: names, preset, conversion, defaults, sweep and checks.
 *
 * @param requested settings of files and flags, weakest first.
 * @throws UsageError, in one line, for the first thing that is wrong.
 *
 *     const { config } = resolveConfig([setAssignment("model.name=rnn")]);
 */
export function resolveConfig(
  requested: readonly Assignment[],
  { preset: presetName, source, catalogue = tablesOnly }: ResolveOptions = {},
): Resolved {
  const asked = takeSweeps(requested);
  // Whatever reads one value of a swept setting reads that of the first point.
  const all = [...asked.others, ...asked.swept.flatMap(({ points }) => points[0]!)];
  const assignments = withOurNames(all, { model: namedModel(all, catalogue), catalogue });
  const preset = source !== undefined
    ? undefined
    : presetName === undefined
    ? choosePreset(assignments, catalogue)
    : findPreset(presetName);
  const names = findNames(assignments, preset?.names ?? source!, catalogue);
  const schemas: Schemas = { names, sections: sectionsOf(names, catalogue), catalogue };
  const model = catalogue.find("model", names.model);
  const swept = asked.swept.map(({ points }) =>
    sweptSettings(points.map((point) => withOurNames(point, { model, catalogue })))
  );
  const named = withOurNames(assignments, { model, catalogue });
  const { values, origins, notes } = collectValues(
    preset ? [...presetAssignments(preset, names), ...named] : named,
    { schemas, sweptPaths: swept.flatMap(({ key }) => pathsOfKey(key)) },
  );
  const originOf = (section: string, key: string) =>
    origins.get(`${section}.${key}`) ?? missingOrigin(section, key, source);
  const parsed = z.strictObject(schemas.sections).safeParse(values);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const error = settingError(issue!, { path: issue!.path, config: values, originOf });
    // A stored config was complete once: there it is a setting that got lost.
    const ofNobody = source === undefined
      ? givenByNobody(issue!.path, { values, schemas })
      : undefined;
    throw ofNobody ?? error;
  }
  const sections = { ...parsed.data, catalogue } as unknown as RunConfig;
  const config = withSweep(sections, { swept, schemas });
  for (const point of firstOfPoints(replicasOf(config))) {
    const ofPoint = configOf(config, point);
    requireFloat32(ofPoint, originOf);
    checkTogether(ofPoint, originOf);
  }
  return { config: withAutomatic(config), notes: [...notes, ...taskNotes(config)] };
}

/** Names a setting that nobody has given; `source` is a config that has to have it. */
const missingOrigin = (section: string, key: string, source: string | undefined): string =>
  source === undefined
    ? `--${key.replaceAll("_", "-")} (not given)`
    : `${source}: ${section}.${key} (not given)`;

/** The value of every assigned setting, by section and key: the last assignment counts. */
function collectValues(
  assignments: readonly Assignment[],
  { schemas, sweptPaths }: { schemas: Schemas; sweptPaths: readonly string[] },
) {
  const { names, sections, catalogue } = schemas;
  const values = Object.fromEntries(
    sectionNames.map((name): [string, Record<string, unknown>] => [name, {}]),
  ) as Record<SectionName, Record<string, unknown>>;
  const origins = new Map<string, string>();
  const ignored: IgnoredSetting[] = [];
  for (const assignment of assignments) {
    const { section, key, isText, origin } = assignment;
    const path = `${section}.${key}`;
    // Also checks the value of a setting that this run does not have.
    const foreign = isText ? whyForeign(assignment, { names, catalogue }) : undefined;
    const reason = isText ? whyIgnored(key, names, catalogue) ?? foreign : undefined;
    if (reason !== undefined) {
      if (sweptPaths.includes(path)) throw new UsageError(`${origin}: ${reason}`);
      ignored.push({ origin, reason });
      if (!Object.hasOwn(sections[section].shape, key)) continue;
    }
    values[section][key] = key === "name" && section in names
      ? names[section as keyof EntryNames]
      : typedValue(assignment, schemas);
    origins.set(path, origin);
  }
  for (const section of entrySections) {
    values[section].name = names[section];
  }
  return { values, origins, notes: ignoredNotes(ignored) };
}

/** What a schema finds wrong with the setting at a path of the config. */
function settingError(
  issue: z.core.$ZodIssue,
  { path, config, originOf }: {
    path: readonly PropertyKey[];
    config: object;
    originOf: OriginOf;
  },
): UsageError {
  const [section, key] = path.map(String);
  return new UsageError(
    `${originOf(section!, key!)}: ${explainIssue(issue, valueAt(config, path))}`,
  );
}

/** The error of a size that an own model has no default for, takes from no task, and nobody has typed. */
function givenByNobody(
  [section, key]: readonly PropertyKey[],
  { values, schemas: { names, catalogue } }: {
    values: Readonly<Record<SectionName, Readonly<Record<string, unknown>>>>;
    schemas: Schemas;
  },
): UsageError | undefined {
  const own = catalogue.own.model;
  const name = String(key);
  if (section !== "model" || names.model !== own?.name || name in values.model) return undefined;
  const problem = `--${name.replaceAll("_", "-")}: nobody gives the "${name}" of model ` +
    `${own.entry.name}: type it, or add it to fromTask if tasks give it, or give it a default`;
  return new UsageError(withPlace(problem, definitionPlace(own.entry)));
}

const valueAt = (outer: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (outer, name) => (outer as Record<PropertyKey, unknown> | undefined)?.[name],
    outer,
  );

/** Fills in what is swept. @throws UsageError for a value that the setting does not take. */
function withSweep(
  config: RunConfig,
  { swept, schemas }: { swept: readonly SweptSettings[]; schemas: Schemas },
): RunConfig {
  const sweep: Record<string, unknown[]> = {};
  let points = 1;
  for (const { key, points: assigned } of swept) {
    const values = new Map<string, unknown>();
    for (const assignments of assigned) {
      const all = assignments.map((assignment) => checkedValue(assignment, schemas));
      const value = all.length === 1 ? all[0] : all;
      const text = JSON.stringify(value);
      if (values.has(text)) {
        throw new UsageError(`${assignments[0]!.origin}: ${text} is given twice`);
      }
      values.set(text, value);
    }
    sweep[key] = [...values.values()];
    points *= values.size;
  }
  const replicas = points * config.training.seeds.length;
  const origin = swept.at(-1)?.points[0]?.[0]?.origin;
  if (points > mostPoints) {
    throw new UsageError(`${origin}: expected at most ${mostPoints} combinations, got ${points}`);
  }
  if (replicas > mostReplicas) {
    throw new UsageError(
      `${origin}: expected at most ${mostReplicas} replicas, got ${replicas} of all combinations ` +
        "and seeds",
    );
  }
  return { ...config, training: { ...config.training, sweep } };
}

/** The value of a swept setting. @throws UsageError for one that the setting does not take. */
function checkedValue(assignment: Assignment, schemas: Schemas): unknown {
  const { section, key, origin } = assignment;
  const value = typedValue(assignment, schemas);
  const schema = schemas.sections[section].shape[key] as z.ZodType;
  const { data, error } = schema.safeParse(value);
  const [issue] = error?.issues ?? [];
  if (!issue) return data;
  throw new UsageError(`${origin}: ${explainIssue(issue, valueAt(value, issue.path))}`);
}

/** @throws UsageError for a number that the device would compute with as another one. */
function requireFloat32(config: RunConfig, originOf: OriginOf): void {
  // The reference computes in float64.
  if (config.device.name === "reference") return;
  for (const section of entrySections) {
    const beyond = beyondFloat32(config[section]);
    if (!beyond) continue;
    const { path: [key], value } = beyond;
    throw new UsageError(`${originOf(section, key!)}: expected ${float32Range}, got ${value}`);
  }
}

/**
 * Checks settings of task and model that are each right alone.
 *
 * @throws UsageError if they contradict each other.
 */
function checkTogether(config: RunConfig, originOf: OriginOf): void {
  const { name, ...settings } = config.model;
  const sizes = sizesOf(config, originOf);
  // A model that does not read what the task makes is refused when it is built.
  if (!sizes) return;
  const schema = objectSchema(config.catalogue.find("model", name).config, name);
  const [issue] = schema.safeParse({ ...settings, ...sizes }).error?.issues ?? [];
  if (issue) throw settingError(issue, { path: ["model", ...issue.path], config, originOf });
}

/** Settings of the model that its task gives. @throws UsageError if the task cannot be made. */
function sizesOf({ task, model, catalogue }: RunConfig, originOf: OriginOf) {
  const { name, ...settings } = task;
  try {
    const built = catalogue.find("task", name).build(settings);
    return taskSizes(catalogue.find("model", model.name), built);
  } catch (error) {
    if (!(error instanceof SettingError)) {
      throw new UsageError(errorLine(error), { cause: error });
    }
    const { key, expected, value } = error;
    const problem = `${originOf("task", key)}: expected ${expected}, got ${value}`;
    throw new UsageError(problem, { cause: error });
  }
}

/** The value of an assignment in the setting's type. @throws UsageError if there is no such setting. */
function typedValue(
  { section, key, value, isText, origin }: Assignment,
  { names, sections, catalogue }: Schemas,
): unknown {
  const { shape } = sections[section];
  const schema = Object.hasOwn(shape, key) ? shape[key] as z.ZodType : undefined;
  if (!schema) {
    const owner = section in names
      ? `${section} ${names[section as keyof EntryNames]}`
      : `section ${section}`;
    const isGiven = section === "model" &&
      catalogue.find(section, names.model).fromTask.includes(key);
    const hint = isGiven ? " (the task gives it)" : didYouMean(key, Object.keys(shape)) ||
      otherOwner(key, section in names ? catalogue.choices(section as EntrySection) : {});
    throw new UsageError(`${origin}: ${owner} has no setting ${quote(key)}${hint}`);
  }
  if (!isText) return value;
  const converted = convertText(String(value), schema);
  if ("value" in converted) return converted.value;
  throw new UsageError(
    `${origin}: expected ${converted.expected}, got ${quote(value)}`,
  );
}

/** Such as " (ethereal has it)", if another entry of the section has the setting. */
function otherOwner(
  key: string,
  entries: Readonly<Record<string, { readonly config: SettingsSchema }>>,
): string {
  const owners = Object.entries(entries).filter(([, { config }]) =>
    config instanceof z.ZodObject && Object.hasOwn(config.shape, key)
  ).map(([name]) => name);
  if (owners.length === 0) return "";
  return owners.length === 1 ? ` (${owners[0]} has it)` : ` (${owners.join(", ")} have it)`;
}

/** What the tasks say of their settings. */
const taskNotes = (config: RunConfig): string[] => [
  ...new Set(
    firstOfPoints(replicasOf(config)).flatMap((point) => {
      const { task: { name, ...settings }, catalogue } = configOf(config, point);
      return (catalogue.find("task", name).build(settings).notes ?? []).map((text) =>
        `note: task.${text}`
      );
    }),
  ),
];

/** Fills in the defaults that depend on the tasks and on the number of iterations. */
function withAutomatic(config: RunConfig): RunConfig {
  const { training } = config;
  const share = (part: number) => Math.max(1, Math.round(training.iterations / part));
  const batches = firstOfPoints(replicasOf(config)).map((point) => {
    const { task: { name, ...settings }, catalogue } = configOf(config, point);
    return catalogue.find("task", name).build(settings).batch ?? 1;
  });
  const filled: RunConfig["training"] = {
    ...training,
    batch_size: training.batch_size ?? Math.max(...batches),
    log_every: training.log_every ?? share(25),
    checkpoint_every: training.checkpoint_every ?? share(10),
  };
  // In the order of the schema, so that equal configs are equal texts, whatever was given.
  const keys = Object.keys(trainingConfig.shape) as (keyof typeof filled)[];
  return {
    ...config,
    training: Object.fromEntries(keys.map((key) => [key, filled[key]])) as typeof filled,
  };
}
