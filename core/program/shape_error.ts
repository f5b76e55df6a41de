const machinery = /\/core\/(program|autodiff)\/(?!.*_test\.ts)/;

/**
 * A RangeError that names the operation and the line of the model that asked for it. That line is the
 * innermost stack frame outside the folders that trace.
 */
export function shapeError(operation: string, problem: string): RangeError {
  const error = new RangeError(`${operation}: ${problem}`);
  const frames = (error.stack ?? "").split("\n").filter((line) => line.trim().startsWith("at "));
  // A frame without a file, such as that of Array.reduce, has no place.
  const places = frames.filter((line) => !machinery.test(line)).map((line) =>
    line.match(/([^/(\s]+\/[^/(\s]+\.ts:\d+:\d+)/)?.[1]
  );
  const place = places.find((name) => name !== undefined);
  if (place) error.message += ` (${place})`;
  return error;
}
