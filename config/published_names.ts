/**
 * Names of the published memory-encoding programs, for settings and entries that are called otherwise here.
 * A file or a flag may use either; a config that is complete has ours.
 */
import { z } from "../deps/zod.ts";
import type { Model } from "../core/program/model.ts";
import type { SettingsSchema } from "../core/program/settings_schema.ts";
import type { Assignment, SectionName } from "./assignment.ts";
import { type Catalogue, type EntrySection, isEntrySection } from "./catalogue.ts";
import { UsageError } from "./usage_error.ts";

/** A setting by another name. */
interface PublishedSetting {
  readonly section: SectionName;
  readonly name: string;
  /** What it is called here. */
  readonly key: string;
  /** Whether the name means that, of this model; without, it always does. The model may not be known yet. */
  readonly isMeant?: (model: Model | undefined, value: unknown) => boolean;
}

const hasSetting = ({ config }: { readonly config: SettingsSchema }, key: string): boolean =>
  config instanceof z.ZodObject && Object.hasOwn(config.shape, key);

const isFast = (model: Model | undefined) => model?.features.includes("fastWeights");

/** The plasticity α of fast weights is a number; plastic networks have a switch of that name. */
const isAlpha: PublishedSetting["isMeant"] = (model, value) =>
  model ? !hasSetting(model, "plasticity") : !/^(true|false|on|off)$/i.test(String(value));

/** Published names of settings. */
export const publishedSettings: readonly PublishedSetting[] = [
  { section: "model", name: "plasticity", key: "plast_clip", isMeant: isAlpha },
  { section: "model", name: "ephemeral_fraction", key: "plast_proportion" },
  { section: "updater", name: "weight_clamp", key: "clip_weights" },
  { section: "updater", name: "unit_norm_weights", key: "normalize" },
  { section: "updater", name: "dfa_fprime", key: "activation_derivative" },
  // One published flag became two: each model had a clip of its own.
  {
    ...{ section: "updater", name: "ephemeral_update_clamp", key: "grad_clip" },
    isMeant: (model) => isFast(model) === true,
  },
  {
    ...{ section: "updater", name: "grad_norm_clip", key: "grad_clip" },
    isMeant: (model) => isFast(model) === false,
  },
  { section: "training", name: "checkpoint_save_freq", key: "checkpoint_every" },
];

/** Published names of entries, and what they are called here. */
export const publishedEntries: Partial<Record<EntrySection, Readonly<Record<string, string>>>> = {
  model: { ephemeral: "ethereal" },
};

/** The name of an entry here, for any name that it has. */
export function nameHere(section: EntrySection, name: string): string {
  const names = publishedEntries[section] ?? {};
  return Object.hasOwn(names, name) ? names[name]! : name;
}

/** The model that assignments name, if they do. */
export function namedModel(
  assignments: readonly Assignment[],
  catalogue: Catalogue,
): Model | undefined {
  const { value } =
    assignments.findLast(({ section, key }) => section === "model" && key === "name") ?? {};
  return typeof value === "string" ? catalogue.get("model", nameHere("model", value)) : undefined;
}

/**
 * The same assignments, of settings as they are called here.
 *
 * @param options.model the model of the run; undefined: it is not known yet, and names that depend on it
 * stay.
 * @param options.catalogue settings of its own entries keep their names.
 * @throws UsageError if a setting is typed by two names.
 */
export function withOurNames(
  assignments: readonly Assignment[],
  { model, catalogue }: { model: Model | undefined; catalogue: Catalogue },
): Assignment[] {
  return assignments.map((assignment) => {
    const { section, key, value, isText, origin } = assignment;
    const published = publishedSettings.find((other) =>
      other.section === section && other.name === key
    );
    if (!published || published.isMeant?.(model, value) === false) return assignment;
    const own = isEntrySection(section) ? catalogue.own[section] : undefined;
    if (own && hasSetting(own.entry, key)) return assignment;
    const ours = published.key;
    const other = assignments.find((other) =>
      other.section === section && other.key === ours && other.isText
    );
    if (isText && other) {
      throw new UsageError(`${origin}: it means ${ours}, which ${other.origin} sets already`);
    }
    return { ...assignment, key: ours };
  });
}
