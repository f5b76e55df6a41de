import { placeOutside, userPlace } from "../code_place.ts";
import { withPlace } from "../code_error.ts";

const machinery = /\/core\/(program|autodiff)\/(?!.*_test\.ts)/;

/**
 * A RangeError that names the operation and the line that asked for it: the innermost one of a user's own
 * code, or else the innermost one outside the folders that trace.
 */
export function shapeError(operation: string, problem: string): RangeError {
  const error = new RangeError(`${operation}: ${problem}`);
  error.message = withPlace(error.message, userPlace(error) ?? placeOutside(error, machinery));
  return error;
}
