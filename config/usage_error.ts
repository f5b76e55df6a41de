/** A command line or config that cannot be used: shown as one line, exit code 2, nothing written. */
export class UsageError extends Error {
  /** Its class. */
  override readonly name = "UsageError";
}
