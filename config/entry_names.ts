/** The task, model and updater that settings ask for, and the preset that fits them. */
import { quote } from "./plain_text.ts";
import { findTask } from "../tasks/mod.ts";
import type { Assignment } from "./assignment.ts";
import {
  type Catalogue,
  type EntrySection,
  entrySections,
  isFileName,
  tablesOnly,
} from "./catalogue.ts";
import { didYouMean } from "../core/similar_name.ts";
import { defaultPreset, type Preset, presets } from "./presets.ts";
import { nameHere } from "./published_names.ts";
import { type EntryNames, sectionsOf } from "./run_config.ts";
import { pathExists } from "./path_exists.ts";
import { UsageError } from "./usage_error.ts";

/** What a run with a model of one's own starts from. Its settings are those that its author declared. */
const forOwnModel: Preset = {
  ...presets[defaultPreset]!,
  names: { ...presets[defaultPreset]!.names, updater: "bptt" },
  models: {},
  updaters: {},
  trainings: {},
};

/** What a run starts from whose settings belong to no system of presets: help shows its values. */
export const fallbackPreset = ({ own }: Catalogue): Preset =>
  own.model ? forOwnModel : presets[defaultPreset]!;

/**
 * The preset of the first system of presets that the settings belong to: by the name of the task, then of
 * the model, then by a setting that only this system has. A model of one's own belongs to none.
 */
export function choosePreset(assignments: readonly Assignment[], catalogue: Catalogue): Preset {
  const fallback = fallbackPreset(catalogue);
  if (catalogue.own.model) return fallback;
  const systems = Object.values(presets).filter(({ tasks }) => tasks !== undefined);
  const asksFor = (section: EntrySection, names: readonly unknown[]) =>
    assignments.some((assignment) =>
      assignment.section === section && assignment.key === "name" &&
      names.includes(assignment.value)
    );
  const byName = systems.find(({ tasks }) => asksFor("task", tasks!.flatMap(namesOfTask))) ??
    systems.find(({ models }) => asksFor("model", Object.keys(models)));
  if (byName) return byName;
  const common = settingsOf(fallback);
  const asked = assignments.filter(({ section }) => section === "model" || section === "task")
    .map(({ section, key }) => `${section}.${key}`).filter((path) => !common.has(path));
  return systems.find((preset) => {
    const own = settingsOf(preset);
    return asked.some((path) => own.has(path));
  }) ?? fallback;
}

/** Paths of the settings that the task and the model of a preset have. */
function settingsOf({ names }: Preset): ReadonlySet<string> {
  const sections = sectionsOf(names, tablesOnly);
  return new Set(
    (["task", "model"] as const).flatMap((section) =>
      Object.keys(sections[section].shape).map((key) => `${section}.${key}`)
    ),
  );
}

/** A task's name and its other names. */
const namesOfTask = (name: string): string[] => [name, ...findTask(name).aliases];

/** @throws UsageError if no preset has this name. */
export function findPreset(name: string): Preset {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (preset) return preset;
  const names = Object.keys(presets);
  throw new UsageError(
    `--preset: no preset is named ${quote(name)}${didYouMean(name, names)}; ` +
      `presets are ${names.join(", ")}`,
  );
}

/**
 * The names that assignments give, the last of each section, or else those of a preset.
 *
 * @param others names of a preset, or the path of a config that has to give all.
 * @throws UsageError if a name is missing or in no table.
 */
export function findNames(
  assignments: readonly Assignment[],
  others: EntryNames | string,
  catalogue: Catalogue,
): EntryNames {
  const names = typeof others === "string" ? { task: "", model: "", updater: "" } : { ...others };
  for (const section of entrySections) {
    const last = assignments.findLast((assignment) =>
      assignment.section === section && assignment.key === "name"
    );
    if (!last) continue;
    const { value, origin } = last;
    if (typeof value !== "string") {
      throw new UsageError(`${origin}: expected a text, got ${quote(value)}`);
    }
    names[section] = entryName(nameHere(section, value), { origin, section, catalogue });
  }
  const missing = entrySections.find((section) => names[section] === "");
  if (missing !== undefined) throw new UsageError(`${others}: ${missing}.name is missing`);
  return names;
}

/** The name of an entry; for an alias, the name that it stands for. @throws UsageError if there is none. */
function entryName(
  name: string,
  { origin, section, catalogue }: { origin: string; section: EntrySection; catalogue: Catalogue },
): string {
  const { own } = catalogue;
  if (own[section]?.name === name) return name;
  if (isFileName(name)) throw new UsageError(`${origin}: ${needsFile(section, name)}`);
  const entry = catalogue.get(section, name);
  if (entry) return section === "task" ? entry.name : name;
  throw new UsageError(`${origin}: ${unknownName(section, name)}`);
}

/** What to do for a run whose code is not in the tables. */
const needsFile = (section: EntrySection, name: string): string =>
  `the ${section} is code of a file, ${quote(name)}; name the file to run it: --${section} FILE`;

/** What to say of a name that is in no table: what there is, or what a file has to be called. */
export function unknownName(section: EntrySection, name: string): string {
  const file = [`${name}.ts`, `${name}.js`].find(pathExists);
  if (file !== undefined) {
    return `expected a name or a file, got ${quote(name)}; did you mean ${file}?`;
  }
  if (/[\\/.]/.test(name)) {
    return `expected a name, or a file that ends in .ts or .js, got ${quote(name)}`;
  }
  return `${unknownEntry(section, name)}; a file of your own ends in .ts or .js`;
}

function unknownEntry(section: EntrySection, name: string): string {
  if (section === "task") return unknownTask(name);
  const names = Object.keys(tablesOnly.choices(section));
  return `no ${section} is named ${quote(name)}${didYouMean(name, names)}; there are ${
    names.join(", ")
  }`;
}

function unknownTask(name: string): string {
  try {
    return `task ${findTask(name).name}`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The settings of a preset for the chosen model and updater, as assignments. */
export function presetAssignments(preset: Preset, { model, updater }: EntryNames): Assignment[] {
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
