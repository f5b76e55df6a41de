/** Options of the published programs that have nothing to do here: they are accepted, and named in a line. */
import { z } from "../../deps/zod.ts";
import { convertText } from "../../config/convert_text.ts";
import { ignoredNotes, type IgnoredSetting } from "../../config/ignored_settings.ts";
import { quote } from "../../config/plain_text.ts";
import { UsageError } from "../../config/usage_error.ts";
import type { SettingFlag } from "./flags.ts";

interface IdleOption {
  readonly schema: z.ZodType;
  readonly why: string;
}

const number = z.number();
const text = z.string();
const unused = "without effect in the published code, too";
const untracked =
  "nothing is tracked online, so nothing is to be named or turned off; metrics are files";

const idleOptions: Readonly<Record<string, IdleOption>> = {
  "--plast_learning_rate": { schema: number, why: unused },
  "--imprint_rate": { schema: number, why: unused },
  "--track": { schema: z.boolean(), why: untracked },
  "--group": { schema: text, why: untracked },
  "--notes": { schema: text, why: untracked },
  "--tags": { schema: z.array(text), why: untracked },
  "--checkpoint_dir": { schema: text, why: "checkpoints lie in the folder of the run (--out)" },
};

/**
 * Takes these options off a command line. One that is a setting of an own entry stays.
 *
 * @returns the other arguments, and a line for each option.
 * @throws UsageError for a value of the wrong type.
 */
export function takeIdleOptions(
  args: readonly string[],
  flags: readonly SettingFlag[],
): { others: string[]; notes: string[] } {
  const taken = new Set<string>(flags.flatMap(({ names }) => names));
  const others: string[] = [];
  const ignored: IgnoredSetting[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index]!;
    const [, name = word, joined] = /^(--[^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    const option = taken.has(name) ? undefined : idleOption(name);
    if (!option) {
      others.push(word);
      continue;
    }
    const values = joined === undefined ? valuesAfter(args, index, option) : [joined];
    if (joined === undefined) index += values.length;
    checkValues(name, values, option);
    ignored.push({ origin: name, reason: option.why });
  }
  return { others, notes: ignoredNotes(ignored) };
}

/** The option of a name, in snake_case or kebab-case. */
function idleOption(name: string): IdleOption | undefined {
  const snake = `--${name.slice(2).replaceAll("-", "_")}`;
  return Object.hasOwn(idleOptions, snake) ? idleOptions[snake] : undefined;
}

/** The words that belong to the option: as many as follow, one, or for a switch at most one. */
function valuesAfter(args: readonly string[], index: number, { schema }: IdleOption): string[] {
  const isOption = (word: string) => word.startsWith("--");
  if (!(schema instanceof z.ZodArray)) {
    return args.slice(index + 1, index + 2).filter((word) => !isOption(word));
  }
  const end = args.findIndex((word, at) => at > index && isOption(word));
  return args.slice(index + 1, end === -1 ? undefined : end);
}

/** @throws UsageError for a value of the wrong type, or none. */
function checkValues(name: string, values: readonly string[], { schema }: IdleOption): void {
  const isOptional = schema instanceof z.ZodArray || schema instanceof z.ZodBoolean;
  if (values.length === 0 && !isOptional) {
    throw new UsageError(`${name}: expected a value, got none`);
  }
  for (const value of values) {
    const converted = convertText(value, schema instanceof z.ZodArray ? text : schema);
    if ("value" in converted) continue;
    throw new UsageError(`${name}: expected ${converted.expected}, got ${quote(value)}`);
  }
}
