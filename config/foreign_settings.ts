/** Settings of another model or updater than that of the run, which published scripts pass to both. */
import type { z } from "../deps/zod.ts";
import type { Assignment } from "./assignment.ts";
import type { Catalogue } from "./catalogue.ts";
import { convertText } from "./convert_text.ts";
import { explainIssue, valueAt } from "./explain_issue.ts";
import { quote } from "./plain_text.ts";
import { publishedSettings } from "./published_names.ts";
import { type EntryNames, modelSettings, objectSchema } from "./run_config.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Why a typed setting is another entry's; undefined if it is not, or nobody has it.
 *
 * @throws UsageError for a value that the setting does not take wherever it is one.
 */
export function whyForeign(
  { section, key, value, origin }: Assignment,
  { names, catalogue }: { names: EntryNames; catalogue: Catalogue },
): string | undefined {
  if (section !== "model" && section !== "updater") return undefined;
  const schemas = section === "model"
    ? Object.entries(catalogue.choices("model")).map(([name, model]) =>
      [name, modelSettings(model)] as const
    )
    : Object.entries(catalogue.choices("updater")).map(([name, { config }]) =>
      [name, objectSchema(config, name)] as const
    );
  const ownersOf = (key: string) => schemas.filter(([, { shape }]) => Object.hasOwn(shape, key));
  if (ownersOf(key).some(([name]) => name === names[section])) return undefined;
  // A published name that nobody has was left, since the model has nothing that its setting acts on.
  const published = ownersOf(key).length > 0
    ? undefined
    : publishedSettings.find((other) => other.section === section && other.name === key);
  const setting = published?.key ?? key;
  const owners = ownersOf(setting);
  if (owners.length === 0) return undefined;
  const problems = owners.map(([, { shape }]) =>
    problemOf(String(value), shape[setting] as z.ZodType)
  );
  if (!problems.includes(undefined)) throw new UsageError(`${origin}: ${problems[0]}`);
  if (published) return "it acts on fast weights only";
  const owner = owners.map(([name]) => name).join(" or ");
  return `only ${section} ${owner} has such a setting, not ${names[section]}`;
}

/** What is wrong with a text as the value of a setting. */
function problemOf(text: string, schema: z.ZodType): string | undefined {
  const converted = convertText(text, schema);
  if ("expected" in converted) return `expected ${converted.expected}, got ${quote(text)}`;
  const [issue] = schema.safeParse(converted.value).error?.issues ?? [];
  return issue && explainIssue(issue, valueAt(converted.value, issue.path));
}
