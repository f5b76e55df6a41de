/** A flag for every setting of every entry, in kebab-case and in the published snake_case. */
import type { z } from "../../deps/zod.ts";
import { innerSchema, placeholder, valueChoices } from "../../config/convert_text.ts";
import { fallbackPreset } from "../../config/entry_names.ts";
import type { Preset } from "../../config/presets.ts";
import {
  deviceConfig,
  type EntryNames,
  modelSettings,
  objectSchema,
  trainingConfig,
} from "../../config/run_config.ts";
import {
  type Catalogue,
  type Entries,
  type EntrySection,
  entrySections,
  isEntrySection,
  tablesOnly,
} from "../../config/catalogue.ts";
import type { SectionName } from "../../config/assignment.ts";
import { publishedSettings } from "../../config/published_names.ts";
import { describeName, describeSetting, type Schemas } from "./describe_setting.ts";

export type FlagName = `--${string}`;

export interface SettingFlag {
  readonly section: SectionName;
  readonly key: string;
  /** Help shows the first one. */
  readonly names: readonly [FlagName, ...FlagName[]];
  readonly isBoolean: boolean;
  /** The flag may be typed again, for another part of the setting. */
  readonly isRepeatable: boolean;
  readonly placeholder: string;
  /** Values to choose from; none: whatever its type takes. */
  readonly choices: readonly string[];
  /** What it does. */
  readonly about: string;
  /** Its default as it would be typed, if there is one. */
  readonly fallback: string | undefined;
  /** What it does, which entries have it unless all do, and the default. */
  readonly description: string;
  /** Help does not show it. */
  readonly isHidden?: boolean;
}

/** Names beside the key of a setting; help shows the first one. */
const otherNames: Readonly<Record<string, readonly FlagName[]>> = {
  "training.seeds": ["--seed"],
  "training.iterations": ["--iterations", "--n-iters", "--n_iters"],
  "training.log_every": ["--log-every", "--print-freq", "--print_freq"],
  "task.variation": ["--variation", "--VAR"],
  "updater.learning_rate": ["--learning-rate", "--lr", "--lr-rate", "--lr_rate"],
};

/** The flags of names. */
export const nameFlags = {
  task: ["--task"],
  model: ["--model", "--model-type", "--model_type"],
  updater: ["--updater"],
  device: ["--device"],
} as const satisfies Partial<Record<SectionName, readonly [FlagName, ...FlagName[]]>>;

/** The entries that help is about, and the preset that their defaults are of. */
export interface EntryChoice {
  readonly names: EntryNames;
  readonly preset: Preset;
}

/**
 * The flags of every setting, by section.
 *
 * @param choice leaves the settings of these entries, with what they say of them and their defaults. Names of
 * flags are the same with it and without.
 */
export function settingFlags(
  catalogue: Catalogue = tablesOnly,
  choice?: EntryChoice,
): SettingFlag[] {
  const taken = new Set<FlagName>(Object.values(nameFlags).flat());
  const preset = choice?.preset ?? fallbackPreset(catalogue);
  const flagsOf = (section: SectionName): SettingFlag[] => {
    const entries = isEntrySection(section) ? catalogue.choices(section) : undefined;
    const all = schemasOf(section, entries);
    const name = choice && isEntrySection(section) ? choice.names[section] : undefined;
    const schemas = name === undefined || !isEntrySection(section)
      ? all
      : schemasOf(section, { [name]: catalogue.find(section, name) });
    const flags = new Map<string, SettingFlag>();
    const keys = [...all, ...schemas].flatMap(([, { shape }]) => Object.keys(shape));
    for (const key of new Set(keys)) {
      if (key === "name") continue;
      const names = namesOf(section, key, taken);
      const [owner] = schemas.filter(([, { shape }]) => Object.hasOwn(shape, key));
      if (!owner) continue;
      const setting = owner[1].shape[key] as z.ZodType;
      const { type } = innerSchema(setting).def;
      flags.set(key, {
        section,
        key,
        names,
        isBoolean: type === "boolean",
        isRepeatable: type === "record",
        placeholder: placeholder(setting),
        choices: valueChoices(setting),
        ...describeSetting(setting, { section, key, schemas, preset }),
      });
    }
    return [...nameFlag(section, entries, preset), ...flags.values()];
  };
  // How long to train, and where, is said alike whatever an entry of one's own calls its settings.
  const [training, device] = [flagsOf("training"), flagsOf("device")];
  const flags = [...entrySections.flatMap(flagsOf), ...training, ...device];
  return [...flags, ...publishedFlags(flags, taken)];
}

/** Flags of the published names of settings, which mean what the flags of these settings mean. */
const publishedFlags = (flags: readonly SettingFlag[], taken: Set<FlagName>): SettingFlag[] =>
  publishedSettings.flatMap(({ section, name, key }) => {
    const flag = flags.find((other) => other.section === section && other.key === key);
    const isFlag = flags.some((other) => other.section === section && other.key === name);
    if (!flag || isFlag) return [];
    const description = `The published name of ${flag.names[0]}`;
    const names = namesOf(section, name, taken);
    return [{ ...flag, key: name, names, description, isHidden: true }];
  });

type Choices = Readonly<Record<string, Entries[EntrySection]>>;

function schemasOf(section: SectionName, entries: Choices = {}): Schemas {
  if (section === "training") return [["", trainingConfig]];
  if (section === "device") return [["", deviceConfig]];
  return Object.entries(entries).map(([name, entry]) =>
    [
      name,
      "fromTask" in entry ? modelSettings(entry) : objectSchema(entry.config, name),
    ] as const
  );
}

/**
 * The names of a setting's flag that no other setting has taken. A setting of one's own may be called as
 * another section's is: then its flag begins with its section. Those of training and device come first.
 */
function namesOf(
  section: SectionName,
  key: string,
  taken: Set<FlagName>,
): [FlagName, ...FlagName[]] {
  const names = new Set<FlagName>([
    ...otherNames[`${section}.${key}`] ?? [],
    `--${key.replaceAll("_", "-")}`,
    `--${key}`,
  ]);
  const free = [...names].filter((name) => !taken.has(name));
  const chosen: [FlagName, ...FlagName[]] = free.length > 0
    ? free as [FlagName, ...FlagName[]]
    : [`--${section}-${key.replaceAll("_", "-")}`];
  for (const name of chosen) taken.add(name);
  return chosen;
}

function nameFlag(
  section: SectionName,
  entries: Choices | undefined,
  preset: Preset,
): SettingFlag[] {
  if (section === "training") return [];
  const choices = entries
    ? Object.entries(entries).map(([name, entry]) => "label" in entry ? entry.label ?? name : name)
    : deviceConfig.shape.name.unwrap().options;
  return [{
    section,
    key: "name",
    names: nameFlags[section],
    isBoolean: false,
    isRepeatable: false,
    choices: entries ? Object.keys(entries) : choices,
    ...describeName(section, { entries, choices, preset }),
  }];
}
