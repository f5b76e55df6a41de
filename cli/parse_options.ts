/** Parses the options of a subcommand, and shows its help. */
import { runParser } from "@optique/core/facade";
import { type Message, text } from "@optique/core/message";
import { type Parser, suggestSync } from "@optique/core/parser";
import { UsageError } from "../config/usage_error.ts";
import type { CommandTitle } from "./command.ts";
import { programName } from "./program_name.ts";

/**
 * Parses the arguments of a subcommand.
 *
 * @returns undefined if there is nothing to do: `--help` was given, and the help is on standard output, or a
 * shell asks how the last argument may go on.
 * @throws UsageError, in one line, for arguments that do not fit.
 */
export function parseOptions<T>(
  parser: Parser<"sync", T, unknown>,
  args: readonly string[],
  { name, summary, complete, footer, options = "--help lists the options" }: CommandTitle & {
    footer?: Message;
    /** Where the options of the command are told, for one that has other ones. */
    options?: string;
  },
): T | undefined {
  if (complete) {
    complete(suggestSync(parser, [args[0] ?? "", ...args.slice(1)]));
    return undefined;
  }
  let isHelp = false;
  let problem = "";
  const values = runParser(parser, `${programName} ${name}`, args, {
    aboveError: "none",
    brief: [text(summary)],
    ...footer ? { footer } : {},
    help: { option: { names: ["-h", "--help"] }, onShow: () => isHelp = true },
    onError: () => {
      throw new UsageError(
        `${name}: ${problem.trim().replace(/^Error: /, "")} (${options})`,
      );
    },
    stderr: (message) => problem += message,
    showDefault: true,
    maxWidth: 100,
  });
  return isHelp ? undefined : values as T;
}
