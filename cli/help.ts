/** What the help of all commands has in common: defaults, and the text below the options. */
import { lineBreak, type Message, message, text } from "@optique/core/message";
import { withDefault } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { programName } from "./program_name.ts";

/** An option with a default, which help shows as it would be typed: `[200]`. */
export const withShownDefault = <TValue extends string | number, TState>(
  parser: Parser<"sync", TValue, TState>,
  value: NoInfer<TValue>,
): Parser<"sync", TValue, [TState] | undefined> =>
  withDefault(parser, value, { message: message`${text(String(value))}` });

/** Choices in a sentence: `svg or png`. */
export const anyOf = (choices: readonly string[]): Message =>
  message`${text([choices.slice(0, -1).join(", "), ...choices.slice(-1)].join(" or "))}`;

export interface Footer {
  /** What the command does, reads and writes; one paragraph. */
  readonly about?: string;
  /** Command lines, from the name of the command on. */
  readonly examples: readonly string[];
  /** Such as "0 ok, 1 failure". */
  readonly exitCodes: string;
}

/** The text below the options of a command. */
export function footerOf({ about, examples, exitCodes }: Footer): Message {
  return [
    ...about === undefined ? [] : [text(about), lineBreak(), lineBreak()],
    text("Examples:"),
    lineBreak(),
    ...examples.flatMap((example) => [text(`  ${programName} ${example}`), lineBreak()]),
    lineBreak(),
    text(`Exit codes: ${exitCodes}.`),
  ];
}
