/** The settings of one entry as a TypeScript interface. */
import { z } from "../../deps/zod.ts";
import type { SettingsSchema } from "../../core/program/settings_schema.ts";

/** What an entry of a table says of its settings. */
export interface SettingsEntry {
  readonly config: SettingsSchema;
  /** Keys that a task may give instead of the user. */
  readonly fromTask?: readonly string[];
}

/** Settings that several entries of a table have, with the same schemas. */
export interface SharedSettings {
  /** Name of their interface. */
  readonly typeName: string;
  /** Whose settings they are, in words. */
  readonly owner: string;
  readonly shape: Readonly<Record<string, z.ZodType>>;
}

/** What a JSON schema says of a type, as far as settings need it. */
interface TypeSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly TypeSchema[];
  readonly items?: TypeSchema;
  /** Name of a type that no JSON value has. */
  readonly typeName?: string;
  readonly description?: string;
  readonly default?: unknown;
}

const LINE = 100;

/**
 * The interface, or undefined if there are no settings.
 *
 * @throws TypeError if a setting has a type that cannot be written.
 */
export function interfaceOf(
  typeName: string,
  owner: string,
  { config, fromTask = [] }: SettingsEntry,
  shared: readonly SharedSettings[] = [],
): string | undefined {
  const { shape } = config as z.ZodObject;
  const bases = shared.filter((base) =>
    Object.entries(base.shape).every(([key, schema]) => shape[key] === schema)
  );
  const isOwn = (key: string) => bases.every((base) => !Object.hasOwn(base.shape, key));
  const { properties = {}, required = [] } = z.toJSONSchema(config as z.ZodObject, {
    io: "input",
    unrepresentable: "any",
  });
  const fields = Object.entries(properties as Record<string, TypeSchema>);
  if (fields.length === 0) return undefined;
  const lines = fields.filter(([key]) => isOwn(key)).flatMap(([key, schema]) => {
    const isOptional = !required.includes(key) || fromTask.includes(key);
    return [
      ...comment(sentences(schema), "  "),
      ...field(`${key}${isOptional ? "?" : ""}`, schema),
    ];
  });
  const head = comment(`Settings of ${owner}; one with a default may be left out.`, "");
  const names = bases.map(({ typeName }) => typeName).join(", ");
  const extending = names === "" ? "" : ` extends ${names}`;
  return [...head, `export interface ${typeName}${extending} {`, ...lines, "}"].join("\n");
}

function sentences({ description = "", default: value }: TypeSchema): string {
  const text = description.endsWith(".") ? description : `${description}.`;
  return value === undefined
    ? text
    : `${text} Default: ${JSON.stringify(value).replaceAll(",", ", ")}.`;
}

/** A field on one line, or a union with a line for each of its types. */
function field(name: string, schema: TypeSchema): string[] {
  const types = typesOf(schema);
  const line = `  readonly ${name}: ${types.join(" | ")};`;
  if (line.length <= LINE) return [line];
  return [`  readonly ${name}:`, ...types.map((type) => `    | ${type}`)].map((text, index, all) =>
    index === all.length - 1 ? `${text};` : text
  );
}

function typesOf(schema: TypeSchema): string[] {
  if (schema.typeName !== undefined) return [schema.typeName];
  if (schema.anyOf) return schema.anyOf.flatMap(typesOf);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value));
  if (schema.const !== undefined) return [JSON.stringify(schema.const)];
  switch (schema.type) {
    case "integer":
    case "number":
      return ["number"];
    case "boolean":
    case "string":
      return [schema.type];
    case "array": {
      const items = typesOf(schema.items!);
      const item = items.join(" | ");
      return [`readonly ${items.length > 1 ? `(${item})` : item}[]`];
    }
    default:
      throw new TypeError(`No type is written for ${JSON.stringify(schema)}`);
  }
}

/** A docstring, with more than one line if it is long. */
function comment(text: string, indent: string): string[] {
  if (indent.length + text.length + 7 <= LINE) return [`${indent}/** ${text} */`];
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1)!;
    if (indent.length + 3 + last.length + word.length > LINE) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
}
