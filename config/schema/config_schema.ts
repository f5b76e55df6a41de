/** A JSON Schema (draft 2020-12) of config files, for editors: it is made of the schemas of all entries. */
import { z } from "../../deps/zod.ts";
import type { SectionName } from "../assignment.ts";
import { type Catalogue, type Entries, type EntrySection, tablesOnly } from "../catalogue.ts";
import { publishedEntries, publishedSettings } from "../published_names.ts";
import { presets } from "../presets.ts";
import { deviceConfig, modelSettings, objectSchema, trainingConfig } from "../run_config.ts";
import { namePatterns } from "./name_patterns.ts";

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const draft = "https://json-schema.org/draft/2020-12/schema";

/**
 * The schema of config files. A section that names its entry has the settings of that entry; one that does not, as
 * where a preset or the command line says it, those of any one. Files of code that the catalogue does not hold may have any
 * settings.
 *
 * @example
 * Deno.writeTextFileSync("hebb.schema.json", JSON.stringify(configSchema(), null, 2));
 */
export function configSchema(catalogue: Catalogue = tablesOnly): JsonSchema {
  const defs: Record<string, JsonSchema> = {};
  const section = (section: EntrySection) => {
    const { own } = catalogue;
    const entries = Object.entries<Entries[EntrySection]>(tablesOnly.choices(section));
    const added = own[section] ? [[own[section].name, own[section].entry] as const] : [];
    return sectionSchema(section, [...entries, ...added], defs);
  };
  const properties = {
    $schema: { type: "string", description: "The schema of this file, for editors" },
    code: { type: "object", description: "Hashes of code of one's own, as runs note them" },
    task: section("task"),
    model: section("model"),
    updater: section("updater"),
    training: jsonSchema(withPublished("training", trainingConfig)),
    device: jsonSchema(deviceConfig),
  };
  return {
    $schema: draft,
    title: "Settings of a run of Hebb",
    type: "object",
    properties,
    patternProperties: { "^x-": { description: "What other groups take by an anchor" } },
    additionalProperties: false,
    $defs: defs,
  };
}

/** The schema of a section that names an entry; those of its entries are added to `defs`. */
function sectionSchema(
  section: EntrySection,
  entries: readonly (readonly [name: string, entry: Entries[EntrySection]])[],
  defs: Record<string, JsonSchema>,
): JsonSchema {
  const all = entries.map(([name, entry]) => {
    const key = `${section}.${name}`;
    defs[key] = entrySchema(section, name, entry);
    return { name, key, patterns: namePatterns(name, entry, otherNames(section, name)) };
  });
  const ref = (key: string) => ({
    $ref: `#/$defs/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
  });
  return {
    type: "object",
    properties: {
      name: {
        description: `The ${section}, or the path of a file of code of one's own, from this file`,
        anyOf: [
          { enum: all.map(({ name }) => name) },
          ...all.flatMap(({ patterns }) => patterns.map(text)),
          text("\\.[jt]s$"),
        ],
      },
    },
    allOf: all.map(({ key, patterns }) => ({
      if: {
        properties: { name: { anyOf: patterns.map(text) } },
        required: ["name"],
      },
      then: ref(key),
    })),
    if: { required: ["name"] },
    else: { anyOf: all.map(({ key }) => ref(key)) },
  };
}

const text = (pattern: string): JsonSchema => ({ type: "string", pattern });

/** The published names of an entry. */
const otherNames = (section: EntrySection, name: string): string[] =>
  Object.entries(publishedEntries[section] ?? {}).filter(([, ours]) => ours === name)
    .map(([published]) => published);

/** The settings of an entry, and its name. */
function entrySchema(
  section: EntrySection,
  name: string,
  entry: Entries[EntrySection],
): JsonSchema {
  const settings = "fromTask" in entry ? modelSettings(entry) : objectSchema(entry.config, name);
  const schema = jsonSchema(withPublished(section, settings), presetKeys(section, name));
  const properties = schema["properties"] as JsonSchema;
  return {
    ...schema,
    description: entry.summary,
    properties: { name: { type: "string" }, ...properties },
  };
}

/** With the published names of settings, which a file may use too. */
function withPublished(section: SectionName, schema: z.ZodObject): z.ZodObject {
  const added = publishedSettings
    .filter(({ section: other, name, key }) =>
      other === section && Object.hasOwn(schema.shape, key) && !Object.hasOwn(schema.shape, name)
    )
    .map(({ name, key }) => {
      const setting = schema.shape[key] as z.ZodType;
      return [name, setting.describe(`The published name of ${key}`)] as const;
    });
  return z.strictObject({ ...schema.shape, ...Object.fromEntries(added) });
}

/** Settings that a preset gives an entry: their default depends on it. */
const presetKeys = (section: EntrySection, name: string): string[] =>
  Object.values(presets).flatMap(({ models, updaters }) =>
    Object.keys((section === "model" ? models : section === "updater" ? updaters : {})[name] ?? {})
  );

/** What zod makes of the schema of a file. @param undecided settings without a default of their own. */
function jsonSchema(schema: z.ZodObject, undecided: readonly string[] = []): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-2020-12",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      // The others are values of scripts, such as a function of one's own.
      if (zodSchema instanceof z.ZodUnion) {
        Object.assign(jsonSchema, jsonSchema.anyOf?.[0]);
        delete jsonSchema.anyOf;
      }
    },
  });
  for (const key of undecided) {
    delete (json.properties?.[key] as { default?: unknown } | undefined)?.default;
  }
  return json as JsonSchema;
}
