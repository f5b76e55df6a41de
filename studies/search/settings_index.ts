/** The settings that parameters of a sweep file may name. */
import type { z } from "../../deps/zod.ts";
import { sectionNames } from "../../config/assignment.ts";
import { type Catalogue, isEntrySection, isFileName } from "../../config/catalogue.ts";
import { explainIssue, valueAt } from "../../config/explain_issue.ts";
import { quote } from "../../config/plain_text.ts";
import { nameHere, publishedSettings } from "../../config/published_names.ts";
import {
  deviceConfig,
  modelSettings,
  objectSchema,
  trainingConfig,
} from "../../config/run_config.ts";
import { didYouMean } from "../../core/similar_name.ts";
import { namedPaths, plainName, publicSetting, whyAbsent } from "./public_names.ts";
import type { JsonValue } from "./trial.ts";

/** What a name means: a setting, nothing for a reason, or nobody knows. */
export type Meaning =
  | { readonly path: string }
  | { readonly absent: string }
  | { readonly unknown: string };

/** A value as the setting takes it, or what it expects instead. */
type Checked = { readonly value: JsonValue } | { readonly problem: string };

/** Settings by path, with the schema of each entry that has it. */
export class SettingsIndex {
  readonly #schemas = new Map<string, z.ZodType[]>();

  constructor(private readonly catalogue: Catalogue) {
    const add = (section: string, shape: z.ZodObject["shape"]) => {
      for (const [key, schema] of Object.entries(shape)) {
        const path = `${section}.${key}`;
        this.#schemas.set(path, [...this.#schemas.get(path) ?? [], schema as z.ZodType]);
      }
    };
    for (const model of Object.values(catalogue.choices("model"))) {
      add("model", modelSettings(model).shape);
    }
    for (const section of ["task", "updater"] as const) {
      for (const [name, { config }] of Object.entries(catalogue.choices(section))) {
        add(section, objectSchema(config, name).shape);
      }
    }
    add("training", trainingConfig.shape);
    add("device", deviceConfig.shape);
    for (const { section, name, key } of publishedSettings) {
      const ours = this.#schemas.get(`${section}.${key}`) ?? [];
      const path = `${section}.${name}`;
      this.#schemas.set(path, [...this.#schemas.get(path) ?? [], ...ours]);
    }
    for (const section of ["task", "model", "updater"]) this.#schemas.set(`${section}.name`, []);
  }

  /**
   * What a name of a parameter means.
   *
   * @param name a path, `model.hidden_size`; the key of a setting alone; or a public name, with any groups
   * before it.
   */
  meaningOf(name: string): Meaning {
    const plain = plainName(name);
    if (this.#schemas.has(plain)) return { path: plain };
    const key = plain.replace(/^.*\./, "");
    const own = sectionNames.map((section) => `${section}.${key}`)
      .filter((path) => key !== "name" && this.#schemas.has(path));
    if (own.length > 1) return { unknown: `it may be ${own.join(" or ")}: name one of them` };
    const path = own[0] ?? publicSetting(key);
    if (path !== undefined) return { path };
    const absent = whyAbsent(key);
    if (absent !== undefined) return { absent };
    const names = [...this.#schemas.keys(), ...namedPaths];
    const hint = didYouMean(plain, names) ||
      didYouMean(key, names.map((path) => path.replace(/^\w+\./, "")));
    return { unknown: `no setting is named ${quote(name)}${hint}` };
  }

  /** The value that a setting takes for one of a file: names in small letters, if it has those. */
  check(path: string, value: JsonValue): Checked {
    const [section = "", key] = path.split(".");
    if (key === "name" && isEntrySection(section)) {
      const isKnown = typeof value === "string" &&
        (isFileName(value) || this.catalogue.get(section, nameHere(section, value)) !== undefined);
      if (isKnown) return { value };
      const names = Object.keys(this.catalogue.choices(section));
      const hint = typeof value === "string" ? didYouMean(value, names) : "";
      return { problem: `no ${section} is named ${quote(value)}${hint}` };
    }
    const schemas = this.#schemas.get(path) ?? [];
    const candidates = typeof value === "string" ? [value, value.toLowerCase()] : [value];
    const taken = candidates.find((candidate) =>
      schemas.some((schema) => schema.safeParse(candidate).success)
    );
    if (taken !== undefined || schemas.length === 0) return { value: taken ?? value };
    const [issue] = schemas[0]!.safeParse(value).error!.issues;
    return { problem: explainIssue(issue!, valueAt(value, issue!.path)) };
  }
}
