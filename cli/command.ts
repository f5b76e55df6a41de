/** A subcommand of the command line. Its file holds its help, its options and what it does. */
export interface Command {
  readonly name: string;
  /** One line for the list that `--help` prints. */
  readonly summary: string;
  /** Parses its own arguments and returns the exit code (core/run/exit_codes.ts). */
  run(args: readonly string[]): Promise<number>;
}
