import type { Suggestion } from "@optique/core/parser";

/** Name and summary of a subcommand. */
export interface CommandTitle {
  readonly name: string;
  /** One line, for the list of commands and for the help of the command. */
  readonly summary: string;
  /**
   * Takes what the last argument may be completed to, for a shell. The command then parses its arguments and does
   * no more, as for `--help`.
   */
  readonly complete?: (suggestions: readonly Suggestion[]) => void;
}

/**
 * A subcommand: parses its arguments and does the work. It throws errors; `error_boundary.ts`
 * prints them.
 *
 * @returns the exit code (core/training/exit_codes.ts).
 */
export type Command = (args: readonly string[], title: CommandTitle) => Promise<number>;
