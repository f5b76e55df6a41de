/** Counts of classes, characters and words. */

/**
 * How often each value comes, the most frequent first, then in the order of their first places. The characters
 * of a text are its values.
 *
 * @example
 * const alphabet = [...countValues("banana").keys()]; // ["a", "n", "b"]
 * const largestClass = [...countValues(labels).values()][0];
 */
export function countValues<Value>(values: Iterable<Value>): Map<Value, number> {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}
