/** Why a folder cannot be used for a run. */
export type RunFolderReason =
  | "in_use"
  | "not_empty"
  | "holds_run"
  | "missing"
  | "no_run"
  | "not_plain";

/** A folder that cannot be used for a run: name another one, or free this one. */
export class RunFolderError extends Error {
  override readonly name = "RunFolderError";

  /**
   * @param path the folder, as the user typed it.
   * @param message one line that names the path.
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
