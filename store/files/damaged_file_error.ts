/** A file whose content does not fit its format: torn, altered or hostile. */
export class DamagedFileError extends Error {
  override readonly name = "DamagedFileError";

  /** @param source the file, as the user knows it */
  constructor(readonly source: string, problem: string, options?: ErrorOptions) {
    super(`${source}: ${problem}`, options);
  }
}
