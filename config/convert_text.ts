/** Converts values typed on a command line to the types of a schema. */
import { z } from "../deps/zod.ts";

/** The value, or a word for what was expected instead. */
export type Converted = { readonly value: unknown } | { readonly expected: string };

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  on: true,
  false: false,
  False: false,
  off: false,
};

/** Numbers as YAML 1.2 spells them, so that a flag and a file mean the same: no `0b11`, no `1_000`. */
const numberPattern = /^(?:0x[\da-f]+|0o[0-7]+|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?)$/i;

/** The schema without its default and optional wrappers; of several, the first, which can be typed. */
export function innerSchema(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodOptional) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner instanceof z.ZodUnion ? innerSchema(inner.options[0] as z.ZodType) : inner;
}

/** What help shows as the value of a setting: `NUMBER`, `true|false`, `dfa|bptt`. */
export function placeholder(schema: z.ZodType): string {
  const inner = innerSchema(schema);
  if (inner instanceof z.ZodNumber) return inner.isInt ? "N" : "NUMBER";
  if (inner instanceof z.ZodBoolean) return "true|false";
  if (inner instanceof z.ZodEnum) return inner.options.join("|");
  if (inner instanceof z.ZodLiteral) return [...inner.values].join("|");
  if (inner instanceof z.ZodRecord) return "SETTING=VALUE,...";
  if (inner instanceof z.ZodArray) return `${placeholder(inner.element as z.ZodType)},...`;
  return "TEXT";
}

/** The values that a setting has to choose from, as they would be typed; none: whatever its type takes. */
export function valueChoices(schema: z.ZodType): readonly string[] {
  const inner = innerSchema(schema);
  if (inner instanceof z.ZodBoolean) return ["true", "false"];
  if (inner instanceof z.ZodEnum) return inner.options.map(String);
  if (inner instanceof z.ZodLiteral) return [...inner.values].map(String);
  return [];
}

/** The default of a setting as it would be typed; undefined without one. */
export function defaultText(schema: z.ZodType): string | undefined {
  if (!(schema instanceof z.ZodDefault)) return undefined;
  if (schema.unwrap() instanceof z.ZodRecord) return undefined;
  const value = schema.def.defaultValue;
  return Array.isArray(value) ? value.join(",") || "[]" : String(value);
}

/**
 * Converts a text by type alone; ranges are checked by the schema afterwards.
 *
 *     convertText("3,4", z.array(z.int())); // { value: [3, 4] }
 */
export function convertText(text: string, schema: z.ZodType): Converted {
  const inner = innerSchema(schema);
  if (inner instanceof z.ZodNumber) {
    const value = Number(text);
    const isNumber = numberPattern.test(text.trim()) && Number.isFinite(value);
    const kind = inner.isInt ? "a whole number" : "a number";
    return isNumber && !(inner.isInt && !Number.isInteger(value)) ? { value } : { expected: kind };
  }
  if (inner instanceof z.ZodBoolean) {
    const value = Object.hasOwn(booleans, text) ? booleans[text] : undefined;
    return value === undefined ? { expected: "true or false" } : { value };
  }
  if (
    inner instanceof z.ZodLiteral &&
    [...inner.values].every((literal) => typeof literal === "number")
  ) {
    return convertText(text, z.number());
  }
  if (inner instanceof z.ZodArray) {
    if (/^\s*\[\s*\]\s*$/.test(text)) return { value: [] };
    const items = text.replace(/^\[(.*)\]$/s, "$1").split(",");
    const values: unknown[] = [];
    for (const item of items) {
      const converted = convertText(unquoted(item.trim()), inner.element as z.ZodType);
      if ("expected" in converted) {
        return { expected: `${converted.expected}, or several with commas between` };
      }
      values.push(converted.value);
    }
    return { value: values };
  }
  return { value: text };
}

/** Without quotes: lists may be typed as in other languages, `['M','A']`. */
const unquoted = (item: string): string => item.replace(/^(["'])(.*)\1$/s, "$2");
