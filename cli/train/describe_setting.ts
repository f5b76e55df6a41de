/** What help says of a setting, and of the names of entries. */
import type { z } from "../../deps/zod.ts";
import type { SectionName } from "../../config/assignment.ts";
import type { Entries, EntrySection } from "../../config/catalogue.ts";
import { defaultText } from "../../config/convert_text.ts";
import type { Preset } from "../../config/presets.ts";
import { deviceConfig } from "../../config/run_config.ts";

/** The schemas of the entries of a section, by name. */
export type Schemas = readonly (readonly [entry: string, schema: z.ZodObject])[];

interface Description {
  readonly about: string;
  readonly fallback: string | undefined;
  readonly description: string;
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
 * What a setting does, the entries that have it unless all do, and its default. The default is that of a run
 * with the preset. A setting that such a run lacks has a default if its entries agree on one.
 */
export function describeSetting(
  setting: z.ZodType,
  { section, key, schemas, preset }: {
    section: SectionName;
    key: string;
    schemas: Schemas;
    preset: Preset;
  },
): Description {
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
  const about = setting.description ?? key;
  const brackets = fallback === undefined ? "" : ` [${fallback}]`;
  return { about, fallback, description: `${about}${only}${brackets}` };
}

/** What the option for the name of a section says: the names there are, and the default. */
export function describeName(
  section: Exclude<SectionName, "training">,
  { entries, choices, preset }: {
    entries: Readonly<Record<string, Entries[EntrySection]>> | undefined;
    choices: readonly string[];
    preset: Preset;
  },
): Description & { readonly placeholder: string } {
  const isShort = choices.length <= 6;
  const fallback = defaultEntry(section, preset) ?? defaultText(deviceConfig.shape.name);
  const isChoice = !entries || Object.hasOwn(entries, fallback ?? "");
  const all = isShort ? "" : `: ${choices.join(", ")}`;
  const [only, ...others] = Object.values(entries ?? {});
  // One of one's own stands alone.
  const about = only && others.length === 0
    ? `The ${section}: ${only.summary}`
    : `The ${section}${all}${entries ? "; or a .ts file of your own" : ""}`;
  return {
    about,
    fallback: isChoice ? fallback : undefined,
    placeholder: isShort ? choices.join("|") : "NAME",
    description: isChoice && !(only && others.length === 0) ? `${about} [${fallback}]` : about,
  };
}
