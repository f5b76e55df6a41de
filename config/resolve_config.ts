/** From assignments, weakest first, to a config that is complete and checked. */
import { z } from "zod";
import { models } from "../models/mod.ts";
import { findTask } from "../tasks/mod.ts";
import { type Assignment, type SectionName, sectionNames } from "./assignment.ts";
import { SettingError } from "../core/training/setting_error.ts";
import { errorLine } from "./error_line.ts";
import { UsageError } from "./usage_error.ts";
import { convertText } from "./convert_text.ts";
import { didYouMean } from "./did_you_mean.ts";
import { explainIssue } from "./explain_issue.ts";
import { whyIgnored } from "./ignored_settings.ts";
import { defaultPreset, type Preset, presets } from "./presets.ts";
import { configOf, firstOfPoints, replicasOf } from "./replicas.ts";
import {
  type EntryNames,
  entryTables,
  mostReplicas,
  objectSchema,
  type RunConfig,
  type Sections,
  sectionsOf,
  trainingConfig,
} from "./run_config.ts";
import { type SweptSetting, takeSweeps } from "./sweep.ts";
import { taskSizes } from "./task_sizes.ts";

export interface ResolveOptions {
  /** Default: the one that fits what is asked for. None: the defaults of each entry alone. */
  readonly preset?: string | null;
}

export interface Resolved {
  readonly config: RunConfig;
  /** A line for each typed setting that does nothing here. */
  readonly notes: readonly string[];
}

/** @throws UsageError, in one line, for the first thing that is wrong. */
export function resolveConfig(
  given: readonly Assignment[],
  { preset: presetName }: ResolveOptions = {},
): Resolved {
  const { swept, others } = takeSweeps(given);
  // Whatever reads one value of a swept setting reads that of the first point.
  const assignments = [...others, ...swept.map((one) => one.assignments[0]!)];
  const preset = presetName === null
    ? undefined
    : presetName === undefined
    ? choosePreset(assignments)
    : findPreset(presetName);
  const names = findNames(assignments, preset?.names);
  const sections = sectionsOf(names);
  const raw = Object.fromEntries(
    sectionNames.map((name): [string, Record<string, unknown>] => [name, {}]),
  ) as Record<SectionName, Record<string, unknown>>;
  const origins = new Map<string, string>();
  const all = preset ? [...presetAssignments(preset, names), ...assignments] : assignments;
  const notes: string[] = [];
  const isSwept = (path: string) => swept.some((one) => one.path === path);
  for (const assignment of all) {
    const { section, key, isText, origin } = assignment;
    const reason = isText ? whyIgnored(key, names) : undefined;
    if (reason !== undefined) {
      if (isSwept(`${section}.${key}`)) throw new UsageError(`${origin}: ${reason}`);
      notes.push(`note: ${origin} is ignored: ${reason}`);
      if (!Object.hasOwn(sections[section].shape, key)) continue;
    }
    raw[section][key] = key === "name" && section in names
      ? names[section as keyof EntryNames]
      : typedValue(assignment, { names, sections });
    origins.set(`${section}.${key}`, origin);
  }
  for (const section of ["task", "model", "updater"] as const) raw[section].name = names[section];
  const originOf = (section: string, key: string) =>
    origins.get(`${section}.${key}`) ?? `--${key.replaceAll("_", "-")} (not given)`;
  const parsed = z.strictObject(sections).safeParse(raw);
  const refuse = (
    issue: z.core.$ZodIssue,
    { path, within }: { path: readonly PropertyKey[]; within: object },
  ): never => {
    const [section, key] = path.map(String);
    // What nobody gave has its default.
    const value = valueAt(within, path);
    throw new UsageError(`${originOf(section!, key!)}: ${explainIssue(issue, value)}`);
  };
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse(issue!, { path: issue!.path, within: raw });
  }
  const config = withSweep(parsed.data as unknown as RunConfig, {
    swept,
    valueOf: (assignment) => typedValue(assignment, { names, sections }),
    sections,
  });
  for (const point of firstOfPoints(replicasOf(config))) {
    const own = configOf(config, point);
    const issue = findContradiction(own, originOf);
    if (issue) refuse(issue, { path: ["model", ...issue.path], within: own });
  }
  return { config: withAutomatic(config), notes };
}

const valueAt = (outer: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (outer, name) => (outer as Record<PropertyKey, unknown> | undefined)?.[name],
    outer,
  );

/** Fills in what is swept. @throws UsageError for a value that the setting does not take. */
function withSweep(
  config: RunConfig,
  { swept, valueOf, sections }: {
    swept: readonly SweptSetting[];
    valueOf: (assignment: Assignment) => unknown;
    sections: Sections;
  },
): RunConfig {
  const sweep: Record<string, unknown[]> = {};
  let replicas = config.training.seeds.length;
  for (const { path, assignments } of swept) {
    const found = new Map<string, unknown>();
    for (const assignment of assignments) {
      const { section, key, origin } = assignment;
      const value = valueOf(assignment);
      const { data, error } = (sections[section].shape[key] as z.ZodType).safeParse(value);
      const [issue] = error?.issues ?? [];
      if (issue) {
        throw new UsageError(`${origin}: ${explainIssue(issue, valueAt(value, issue.path))}`);
      }
      const text = JSON.stringify(data);
      if (found.has(text)) throw new UsageError(`${origin}: ${text} is given twice`);
      found.set(text, data);
    }
    sweep[path] = [...found.values()];
    replicas *= found.size;
  }
  if (replicas > mostReplicas) {
    throw new UsageError(
      `${swept.at(-1)!.assignments[0]!.origin}: expected at most ${mostReplicas} replicas, got ` +
        `${replicas} of all combinations and seeds`,
    );
  }
  return { ...config, training: { ...config.training, sweep } };
}

/**
 * What is wrong with settings that are each right alone.
 *
 * @throws UsageError if the task cannot be made; a contradiction in the model is returned.
 */
function findContradiction(
  { task, model }: RunConfig,
  originOf: (section: string, key: string) => string,
): z.core.$ZodIssue | undefined {
  const { name: modelName, ...settings } = model;
  const entry = models[modelName]!;
  let sizes: Readonly<Record<string, number>> | undefined;
  try {
    const { name, ...settings } = task;
    sizes = taskSizes(entry, findTask(name).build(settings));
  } catch (error) {
    if (!(error instanceof SettingError)) {
      throw new UsageError(errorLine(error), { cause: error });
    }
    const { key, expected, value } = error;
    const problem = `${originOf("task", key)}: expected ${expected}, got ${value}`;
    throw new UsageError(problem, { cause: error });
  }
  // A model that reads what the task does not make is refused when it is built.
  if (!sizes) return undefined;
  const schema = objectSchema(entry.config, modelName);
  return schema.safeParse({ ...settings, ...sizes }).error?.issues[0];
}

/** The preset of the first system that the names, or else the settings, are of. */
function choosePreset(assignments: readonly Assignment[]): Preset {
  const systems = Object.values(presets).filter(({ tasks }) => tasks !== undefined);
  const asks = (section: SectionName, key: string, values: readonly unknown[]) =>
    assignments.some((one) =>
      one.section === section && one.key === key && values.includes(one.value)
    );
  const named = systems.find(({ tasks }) => asks("task", "name", tasks!.flatMap(namesOfTask))) ??
    systems.find(({ models }) => asks("model", "name", Object.keys(models)));
  if (named) return named;
  const owns = ({ names }: Preset, { section, key }: Assignment) =>
    (section === "model" || section === "task") &&
    Object.hasOwn(sectionsOf(names)[section].shape, key);
  const fallback = presets[defaultPreset]!;
  return systems.find((preset) =>
    assignments.some((one) => owns(preset, one) && !owns(fallback, one))
  ) ?? fallback;
}

/** A task's name and its other names. */
const namesOfTask = (name: string): string[] => [name, ...findTask(name).aliases];

export function findPreset(name: string): Preset {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (preset) return preset;
  const known = Object.keys(presets);
  throw new UsageError(
    `--preset: no preset is named ${JSON.stringify(name)}${didYouMean(name, known)}; ` +
      `presets are ${known.join(", ")}`,
  );
}

function findNames(assignments: readonly Assignment[], start: EntryNames | undefined): EntryNames {
  const found = start ? { ...start } : { task: "", model: "", updater: "" };
  for (const { section, key, value, origin } of assignments) {
    if (key !== "name" || section === "training" || section === "device") continue;
    if (typeof value !== "string") {
      throw new UsageError(`${origin}: expected a text, got ${JSON.stringify(value)}`);
    }
    found[section] = section === "task"
      ? taskName(value, origin)
      : entryName(value, { origin, section, table: entryTables[section]! });
  }
  for (const section of ["task", "model", "updater"] as const) {
    if (found[section] === "") throw new UsageError(`${section}.name is missing`);
  }
  return found;
}

function taskName(name: string, origin: string): string {
  try {
    return findTask(name).name;
  } catch (error) {
    throw new UsageError(`${origin}: ${(error as Error).message}`, { cause: error });
  }
}

function entryName(
  name: string,
  { origin, section, table }: { origin: string; section: string; table: object },
): string {
  if (Object.hasOwn(table, name)) return name;
  const known = Object.keys(table);
  throw new UsageError(
    `${origin}: no ${section} is named ${JSON.stringify(name)}${didYouMean(name, known)}; ` +
      `there are ${known.join(", ")}`,
  );
}

function presetAssignments(preset: Preset, { model, updater }: EntryNames): Assignment[] {
  const settings = [
    ["model", preset.models[model]],
    ["updater", preset.updaters[updater]],
    ["training", preset.trainings[model]],
  ] as const;
  return settings.flatMap(([section, values]) =>
    Object.entries(values ?? {}).map(([key, value]) => ({
      section,
      key,
      value,
      isText: false,
      origin: `preset: ${section}.${key}`,
    }))
  );
}

function typedValue(
  { section, key, value, isText, origin }: Assignment,
  { names, sections }: { names: EntryNames; sections: Sections },
): unknown {
  const { shape } = sections[section];
  const schema = Object.hasOwn(shape, key) ? shape[key] as z.ZodType : undefined;
  if (!schema) {
    const owner = section in names
      ? `${section} ${names[section as keyof EntryNames]}`
      : `section ${section}`;
    const known = Object.keys(shape);
    const hint = didYouMean(key, known) || otherOwner(section, key);
    throw new UsageError(`${origin}: ${owner} has no setting ${JSON.stringify(key)}${hint}`);
  }
  if (!isText) return value;
  const converted = convertText(String(value), schema);
  if ("value" in converted) return converted.value;
  throw new UsageError(
    `${origin}: expected ${converted.expected}, got ${JSON.stringify(value)}`,
  );
}

/** " (ethereal has it)", when another entry of the section knows the setting. */
function otherOwner(section: SectionName, key: string): string {
  const owners = Object.entries(entryTables[section] ?? {}).filter(([, { config }]) =>
    config instanceof z.ZodObject && Object.hasOwn(config.shape, key)
  ).map(([name]) => name);
  return owners.length > 0 ? ` (${owners.join(" and ")} has it)` : "";
}

/** Fills in what depends on the tasks and on the number of iterations. */
function withAutomatic(config: RunConfig): RunConfig {
  const { training } = config;
  const share = (part: number) => Math.max(1, Math.round(training.iterations / part));
  const batches = firstOfPoints(replicasOf(config)).map((point) => {
    const { task: { name, ...settings } } = configOf(config, point);
    return findTask(name).build(settings).batch ?? 1;
  });
  const filled: RunConfig["training"] = {
    ...training,
    batch_size: training.batch_size ?? Math.max(...batches),
    log_every: training.log_every ?? share(25),
    checkpoint_every: training.checkpoint_every ?? share(10),
  };
  // In the order of the schema, as if all had been given: the same config is the same text.
  const keys = Object.keys(trainingConfig.shape) as (keyof typeof filled)[];
  return {
    ...config,
    training: Object.fromEntries(keys.map((key) => [key, filled[key]])) as typeof filled,
  };
}
