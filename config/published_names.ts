/**
 * Names of the published memory-encoding programs, for settings and entries that are called otherwise here.
 * A file or a flag may use either; a config that is complete has ours.
 */
import { z } from "../deps/zod.ts";
import type { Model } from "../core/program/model.ts";
import type { Assignment, SectionName } from "./assignment.ts";
import type { Catalogue, EntrySection } from "./catalogue.ts";
import { UsageError } from "./usage_error.ts";

/** Which setting a name means; undefined: the one of that name, or that is not known without the model. */
type Meaning = (model: Model | undefined, value: unknown) => string | undefined;

const isFast = (model: Model | undefined) => model?.features.includes("fastWeights");

/** The plasticity α of fast weights is a number; plastic networks have a switch of that name. */
const plasticity: Meaning = (model, value) => {
  const isOwn = model
    ? model.config instanceof z.ZodObject && Object.hasOwn(model.config.shape, "plasticity")
    : /^(true|false|on|off)$/i.test(String(value));
  return isOwn ? undefined : "plast_clip";
};

const meanings: readonly (readonly [section: SectionName, name: string, Meaning])[] = [
  ["model", "plasticity", plasticity],
  ["model", "ephemeral_fraction", () => "plast_proportion"],
  ["updater", "weight_clamp", () => "clip_weights"],
  ["updater", "unit_norm_weights", () => "normalize"],
  ["updater", "dfa_fprime", () => "activation_derivative"],
  // One published flag became two: each model had a clip of its own.
  ["updater", "ephemeral_update_clamp", (model) => isFast(model) ? "grad_clip" : undefined],
  ["updater", "grad_norm_clip", (model) => isFast(model) === false ? "grad_clip" : undefined],
  ["training", "checkpoint_save_freq", () => "checkpoint_every"],
];

/** Published names of settings, and the setting that each may mean, for flags. */
export const publishedSettings = meanings.map(([section, name, meaning]) => ({
  section,
  name,
  key: meaning(undefined, undefined) ?? "grad_clip",
}));

/** Published names of entries. */
const entryNames: Partial<Record<EntrySection, Readonly<Record<string, string>>>> = {
  model: { ephemeral: "ethereal" },
};

/** The name of an entry here, for any name that it has. */
export const nameHere = (section: EntrySection, name: string): string =>
  entryNames[section]?.[name] ?? name;

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
 * @param model the model of the run; undefined: it is not known yet, and names that depend on it stay.
 * @throws UsageError if a setting is typed by two names.
 */
export function withOurNames(
  assignments: readonly Assignment[],
  model: Model | undefined,
): Assignment[] {
  return assignments.map((assignment) => {
    const { section, key, value, isText, origin } = assignment;
    const row = meanings.find(([other, name]) => other === section && name === key);
    const ours = row?.[2](model, value);
    if (ours === undefined) return assignment;
    const other = assignments.find((other) =>
      other.section === section && other.key === ours && other.isText
    );
    if (isText && other) {
      throw new UsageError(`${origin}: it means ${ours}, which ${other.origin} sets already`);
    }
    return { ...assignment, key: ours };
  });
}
