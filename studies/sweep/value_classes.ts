/**
 * Sorts the values of one setting into classes that leave the program equal, without building a program for each of
 * ten thousand learning rates.
 */
import type { JsonValue } from "../search/trial.ts";

/** Most values of a setting that are tried. */
const MOST_TRIED = 16;
/** Numbers at which programs are simplified. */
const SPECIAL = [0, 1, -1];

/**
 * The class of each value, by its JSON. Of many numbers the ends and the special ones are tried, and between two of a
 * class all are taken to be of it; where they differ, numbers between are tried. What was not tried is a class of its
 * own. (What is wrongly in one class is refused by the run, and taken apart then.)
 *
 * @param values that differ.
 * @param isSame whether two values leave the program equal.
 *
 *     valueClasses([0.1, 0.2], () => true); // Map { "0.1" => 0, "0.2" => 0 }
 */
export function valueClasses(
  values: readonly JsonValue[],
  isSame: (a: JsonValue, b: JsonValue) => boolean,
): ReadonlyMap<string, number> {
  const classes = new Map<string, number>();
  const representatives: JsonValue[] = [];
  let tried = 0;
  const classOf = (value: JsonValue): number => {
    const text = JSON.stringify(value);
    const known = classes.get(text);
    if (known !== undefined) return known;
    const found = tried++ < MOST_TRIED
      ? representatives.findIndex((other) => isSame(other, value))
      : -1;
    const number = found < 0 ? representatives.push(value) - 1 : found;
    classes.set(text, number);
    return number;
  };
  const between = (sorted: readonly number[], from: number, to: number): void => {
    const [low, high] = [classOf(sorted[from]!), classOf(sorted[to]!)];
    const isOne = low === high && tried <= MOST_TRIED;
    if (isOne) {
      for (const value of sorted.slice(from + 1, to)) {
        const text = JSON.stringify(value);
        if (!classes.has(text)) classes.set(text, low);
      }
    } else if (to - from > 1) {
      const middle = Math.floor((from + to) / 2);
      between(sorted, from, middle);
      between(sorted, middle, to);
    }
  };
  if (values.length > MOST_TRIED && values.every((value) => typeof value === "number")) {
    for (const value of values.filter((value) => SPECIAL.includes(value))) classOf(value);
    const sorted = values.toSorted((a, b) => a - b);
    between(sorted, 0, sorted.length - 1);
  } else for (const value of values) classOf(value);
  return classes;
}
