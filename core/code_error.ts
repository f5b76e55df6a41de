import { userPlace } from "./code_place.ts";

/**
 * Something is wrong with a model, a task, a loss or a learning rule of a user's own. The message is one
 * line that ends with the place, such as "(own/hebbff.ts:42:13)", where it is known.
 */
export class CodeError extends RangeError {
  /** What tells it apart from other errors. */
  override readonly name = "CodeError";

  /**
   * An error of one line.
   *
   * @param problem what is wrong, and what was expected.
   * @param place where; default: the innermost line outside the library that led here.
   */
  constructor(problem: string, place?: string) {
    super(problem);
    this.message = withPlace(problem, place ?? userPlace(this));
  }
}

const endsWithPlace = /:\d+:\d+\)$/;

/** A message that ends with a place, if one is known; it may end with one already. */
export const withPlace = (message: string, place: string | undefined): string =>
  place === undefined || endsWithPlace.test(message) ? message : `${message} (${place})`;
