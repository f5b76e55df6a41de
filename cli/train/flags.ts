/** A flag for every setting of every entry, in kebab-case and in the published snake_case. */
import type { z } from "../../deps/zod.ts";
import { defaultText, innerSchema, placeholder } from "../../config/convert_text.ts";
import { fallbackPreset } from "../../config/entry_names.ts";
import type { Preset } from "../../config/presets.ts";
import {
  deviceConfig,
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
  "updater.learning_rate": ["--learning-rate", "--lr-rate", "--lr_rate"],
};

/** The flags of names. */
export const nameFlags = {
  task: ["--task"],
  model: ["--model", "--model-type", "--model_type"],
  updater: ["--updater"],
  device: ["--device"],
} as const satisfies Partial<Record<SectionName, readonly [FlagName, ...FlagName[]]>>;

/** The flags of every setting, by section. */
export function settingFlags(catalogue: Catalogue = tablesOnly): SettingFlag[] {
  const taken = new Set<FlagName>(Object.values(nameFlags).flat());
  const preset = fallbackPreset(catalogue);
  const flagsOf = (section: SectionName): SettingFlag[] => {
    const entries = isEntrySection(section) ? catalogue.choices(section) : undefined;
    const schemas = schemasOf(section, entries);
    const flags = new Map<string, SettingFlag>();
    for (const [, { shape }] of schemas) {
      for (const [key, setting] of Object.entries(shape) as [string, z.ZodType][]) {
        if (key === "name" || flags.has(key)) continue;
        flags.set(key, {
          section,
          key,
          names: namesOf(section, key, taken),
          isBoolean: innerSchema(setting).def.type === "boolean",
          isRepeatable: innerSchema(setting).def.type === "record",
          placeholder: placeholder(setting),
          description: describe(setting, { section, key, schemas, preset }),
        });
      }
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

type Schemas = readonly (readonly [entry: string, schema: z.ZodObject])[];

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
  const names = nameFlags[section];
  const choices = entries
    ? Object.entries(entries).map(([name, entry]) => "label" in entry ? entry.label ?? name : name)
    : deviceConfig.shape.name.unwrap().options;
  const isShort = choices.length <= 6;
  const fallback = defaultEntry(section, preset) ?? defaultText(deviceConfig.shape.name);
  const isChoice = !entries || Object.hasOwn(entries, fallback ?? "");
  const all = isShort ? "" : `: ${choices.join(", ")}`;
  const [only, ...others] = Object.values(entries ?? {});
  return [{
    section,
    key: "name",
    names,
    isBoolean: false,
    isRepeatable: false,
    placeholder: isShort ? choices.join("|") : "NAME",
    // One of one's own stands alone.
    description: only && others.length === 0
      ? `The ${section}: ${only.summary}`
      : `The ${section}${all}${entries ? "; or a .ts file of your own" : ""}${
        isChoice ? ` [${fallback}]` : ""
      }`,
  }];
}

/** The entry that a run without options uses. */
function defaultEntry(section: SectionName, { names }: Preset): string | undefined {
  return section === "task" || section === "model" || section === "updater"
    ? names[section]
    : undefined;
}

/** The value that a preset gives a setting of an entry, as text. */
function presetText(
  { names, models, updaters, trainings }: Preset,
  { section, entry, key }: { section: SectionName; entry: string; key: string },
): string | undefined {
  const settings = section === "model"
    ? models[entry]
    : section === "updater"
    ? updaters[entry]
    : section === "training"
    ? trainings[names.model]
    : undefined;
  const value = settings?.[key];
  return value === undefined ? undefined : String(value);
}

/**
 * The line of help of a setting: its description, the entries that have it unless all do, and its
 * default. The default is that of a run without options. A setting that such a run lacks has a
 * default if its entries agree on one.
 */
function describe(
  setting: z.ZodType,
  { section, key, schemas, preset }: {
    section: SectionName;
    key: string;
    schemas: Schemas;
    preset: Preset;
  },
): string {
  const owners = schemas.filter(([, { shape }]) => Object.hasOwn(shape, key));
  const isCommon = owners.length === schemas.length;
  const only = isCommon ? "" : `; ${owners.map(([name]) => name).join(" and ")} only`;
  const defaultOwner = owners.find(([name]) => name === defaultEntry(section, preset));
  const fallbacks = new Set(
    (defaultOwner ? [defaultOwner] : owners).map(([entry, { shape }]) =>
      presetText(preset, { section, entry, key }) ?? defaultText(shape[key] as z.ZodType)
    ),
  );
  const [fallback] = fallbacks.size === 1 ? fallbacks : [];
  return `${setting.description ?? key}${only}${fallback === undefined ? "" : ` [${fallback}]`}`;
}
