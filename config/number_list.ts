/** Numbers as typed in a list: `1,2,5-20`. */
import { quote } from "./plain_text.ts";
import { UsageError } from "./usage_error.ts";

/** The highest level of any task; longer ranges would fill the memory. */
const LARGEST = 10_000;

/**
 * The numbers of a list, rising, each once.
 *
 * @param name the option that holds the list, for errors.
 * @throws UsageError if a part is not a number or a range, or not in 1 .. 10,000.
 */
export function parseNumberList(text: string, name: string): number[] {
  const refuse = (part: string, reason: string) =>
    new UsageError(
      `${name}: ${quote(part)} ${reason}, expected numbers and ranges such as 1,2,5-20`,
    );
  const numbers = new Set<number>();
  for (const part of text.split(",")) {
    const [, from, to] = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part) ?? [];
    if (from === undefined) throw refuse(part, "is no number");
    const [first, last] = [Number(from), Number(to ?? from)];
    if (first < 1 || last > LARGEST) throw refuse(part, `is not in 1 .. ${LARGEST}`);
    if (last < first) throw refuse(part, "is a range that ends before it begins");
    for (let number = first; number <= last; number++) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}

/** Numbers as ranges, such as "1-4, 6". */
export function formatNumberList(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range && range[1] === number - 1) range[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => first === last ? `${first}` : `${first}-${last}`).join(", ");
}
