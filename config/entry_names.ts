/** The task, model and updater that settings ask for, and the preset that fits them. */
import { quote } from "./plain_text.ts";
import { findTask } from "../tasks/mod.ts";
import type { Assignment, SectionName } from "./assignment.ts";
import { didYouMean } from "./did_you_mean.ts";
import { defaultPreset, type Preset, presets } from "./presets.ts";
import { type EntryNames, entryTables, sectionsOf } from "./run_config.ts";
import { UsageError } from "./usage_error.ts";

/**
 * The preset of the first system of presets that the settings belong to: by the name of the task, then of
 * the model, then by a setting that only this system has.
 */
export function choosePreset(assignments: readonly Assignment[]): Preset {
  const systems = Object.values(presets).filter(({ tasks }) => tasks !== undefined);
  const asksFor = (section: SectionName, names: readonly unknown[]) =>
    assignments.some((assignment) =>
      assignment.section === section && assignment.key === "name" &&
      names.includes(assignment.value)
    );
  const byName = systems.find(({ tasks }) => asksFor("task", tasks!.flatMap(namesOfTask))) ??
    systems.find(({ models }) => asksFor("model", Object.keys(models)));
  if (byName) return byName;
  const fallback = presets[defaultPreset]!;
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
  const sections = sectionsOf(names);
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
 * @throws UsageError if a name is missing or in no table.
 */
export function findNames(
  assignments: readonly Assignment[],
  presetNames: EntryNames | undefined,
): EntryNames {
  const names = presetNames ? { ...presetNames } : { task: "", model: "", updater: "" };
  for (const { section, key, value, origin } of assignments) {
    if (key !== "name" || section === "training" || section === "device") continue;
    if (typeof value !== "string") {
      throw new UsageError(`${origin}: expected a text, got ${quote(value)}`);
    }
    names[section] = section === "task"
      ? taskName(value, origin)
      : entryName(value, { origin, section, table: entryTables[section]! });
  }
  for (const section of ["task", "model", "updater"] as const) {
    if (names[section] === "") throw new UsageError(`${section}.name is missing`);
  }
  return names;
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
  const names = Object.keys(table);
  throw new UsageError(
    `${origin}: no ${section} is named ${quote(name)}${didYouMean(name, names)}; ` +
      `there are ${names.join(", ")}`,
  );
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
