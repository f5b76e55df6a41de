/** How a user gets an index that can be used. */
export const mend = "`runs reindex` makes it anew";

/** An index file that cannot be used: damaged, of another version, or of something else. */
export class UnusableIndexError extends Error {
  override readonly name = "UnusableIndexError";
  /** Whether it is no index at all, and so not for Hebb to replace. */
  readonly isForeign: boolean;

  constructor(
    message: string,
    { isForeign = false, ...options }: ErrorOptions & { isForeign?: boolean } = {},
  ) {
    super(message, options);
    this.isForeign = isForeign;
  }
}
