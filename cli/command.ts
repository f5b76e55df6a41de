/** Name and summary of a subcommand. */
export interface CommandTitle {
  readonly name: string;
  /** One line, for the list of commands and for the help of the command. */
  readonly summary: string;
}

/**
 * A subcommand: parses its arguments and does the work. It throws errors; `error_boundary.ts`
 * prints them.
 *
 * @returns the exit code (core/training/exit_codes.ts).
 */
export type Command = (args: readonly string[], title: CommandTitle) => Promise<number>;
