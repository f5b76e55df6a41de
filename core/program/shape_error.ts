const machinery = /\/core\/(program|autodiff)\/(?!.*_test\.ts)/;

/**
 * A RangeError that names the operation and the line of the model that asked for it: the innermost
 * stack frame outside the tracing machinery.
 */
export function shapeError(operation: string, problem: string): RangeError {
  const error = new RangeError(`${operation}: ${problem}`);
  const frames = (error.stack ?? "").split("\n").filter((line) => line.trim().startsWith("at "));
  const frame = frames.find((line) => !machinery.test(line) && !line.includes("ext:"));
  const place = frame?.match(/([^/(\s]+\/[^/(\s]+\.ts:\d+:\d+)/)?.[1];
  if (place) error.message += ` (${place})`;
  return error;
}
