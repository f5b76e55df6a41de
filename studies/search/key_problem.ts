/** Something that is wrong at a place of a sweep file. */
export class KeyProblem extends Error {
  /** Its class. */
  override readonly name = "KeyProblem";

  /** @param keys that lead to the place. */
  constructor(readonly keys: readonly PropertyKey[], problem: string) {
    super(problem);
  }
}
