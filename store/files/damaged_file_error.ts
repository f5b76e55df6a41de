/** A file whose content does not fit its format: torn, altered or hostile. Its message is one line. */
export class DamagedFileError extends Error {
  /** Tells it from other errors. */
  override readonly name = "DamagedFileError";
  /** The file, as the user knows it. */
  readonly source: string;

  /**
   * The error of one file.
   *
   * @param source the file, as the user knows it.
   * @param problem what is wrong with it, and what was expected.
   */
  constructor(source: string, problem: string, options?: ErrorOptions) {
    super(`${source}: ${problem}`, options);
    this.source = source;
  }
}
