/** Values typed on a command line, read by the type that a schema wants. */
import { z } from "zod";

export type Converted = { readonly value: unknown } | { readonly expected: string };

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  on: true,
  false: false,
  False: false,
  off: false,
};

/** The schema inside defaults and optional marks. */
export function innerSchema(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodOptional) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}

/** What to type for it: `NUMBER`, `true|false`, `dfa|bptt`. */
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

/** The default of a setting as text, or undefined. */
export function defaultText(schema: z.ZodType): string | undefined {
  if (!(schema instanceof z.ZodDefault)) return undefined;
  if (schema.unwrap() instanceof z.ZodRecord) return undefined;
  const value = schema.def.defaultValue;
  return Array.isArray(value) ? value.join(",") : String(value);
}

/** Converts by type alone; whether a number is in range is for the schema to say. */
export function convertText(text: string, schema: z.ZodType): Converted {
  const inner = innerSchema(schema);
  if (inner instanceof z.ZodNumber) {
    const value = Number(text);
    const isNumber = text.trim() !== "" && Number.isFinite(value);
    const kind = inner.isInt ? "a whole number" : "a number";
    return isNumber && !(inner.isInt && !Number.isInteger(value)) ? { value } : { expected: kind };
  }
  if (inner instanceof z.ZodBoolean) {
    const value = Object.hasOwn(booleans, text) ? booleans[text] : undefined;
    return value === undefined ? { expected: "true or false" } : { value };
  }
  if (inner instanceof z.ZodLiteral && [...inner.values].every((one) => typeof one === "number")) {
    return convertText(text, z.number());
  }
  if (inner instanceof z.ZodArray) {
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

/** Lists may be typed as in other languages: `['M','A']`. */
const unquoted = (item: string): string => item.replace(/^(["'])(.*)\1$/s, "$2");
