/** Why a folder cannot be that of a run. */
export type RunFolderReason = "in_use" | "not_empty" | "holds_run" | "missing" | "no_run" | "link";

/** A folder that cannot be used for a run: another one has to be named, or this one freed. */
export class RunFolderError extends Error {
  override readonly name = "RunFolderError";

  /**
   * @param path as the user knows it
   * @param message one line that names the path
   */
  constructor(
    readonly path: string,
    readonly reason: RunFolderReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
