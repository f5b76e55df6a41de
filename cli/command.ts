/** A subcommand of the command line. Its file holds its options, its help and what it does. */
export interface CommandTitle {
  readonly name: string;
  /** One line, for the list of commands and for the help of this one. */
  readonly summary: string;
}

/**
 * Parses its own arguments and does the work. What goes wrong is thrown: `error_boundary.ts` tells it.
 *
 * @returns the exit code (core/training/exit_codes.ts).
 */
export type Command = (args: readonly string[], title: CommandTitle) => Promise<number>;
