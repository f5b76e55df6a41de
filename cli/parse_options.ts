/** Options of a subcommand: values, or the exit code after help or a usage error. */
import { runParser } from "@optique/core/facade";
import { type Message, text } from "@optique/core/message";
import type { Parser } from "@optique/core/parser";
import { exitCodes } from "../core/training/exit_codes.ts";

export type ParsedOptions<T> = { readonly values: T } | { readonly exitCode: number };

/**
 * Parses the arguments of a subcommand. `--help` goes to standard output; what is wrong goes to
 * standard error, in one line.
 */
export function parseOptions<T>(
  parser: Parser<"sync", T, unknown>,
  args: readonly string[],
  { name, summary, footer }: { name: string; summary: string; footer?: Message },
): ParsedOptions<T> {
  let exitCode: number | undefined;
  const values = runParser(parser, name, args, {
    aboveError: "none",
    brief: [text(summary)],
    ...footer ? { footer } : {},
    help: { option: { names: ["-h", "--help"] }, onShow: () => exitCode = exitCodes.ok },
    onError: () => exitCode = exitCodes.usage,
    stderr: (message) => {
      const line = message.trim().replace(/^Error: /, "").replace(/\s*\n\s*/g, " ");
      console.error(`error: ${name}: ${line} (--help lists the options)`);
    },
    showDefault: true,
    showChoices: true,
    maxWidth: 100,
  });
  return exitCode === undefined ? { values: values as T } : { exitCode };
}
