/** Counts the turns of loops in the text of a kernel. */

/** Mesa's software adapter silently leaves all loops of a lane after so many turns. */
export const MOST_SOFTWARE_TURNS = 65535;

const loop = /^\s*for \(var \w+ = (.+); \w+ < (.+); \w+ \+= (\d+)u\) \{$/;

/** The sum of the numbers of a text such as `64u + lane`; a name counts as 0. */
const numbersOf = (text: string): number =>
  [...text.matchAll(/\b(\d+)u\b/g)].reduce((sum, [, number]) => sum + Number(number), 0);

/**
 * The turns that a lane makes in all loops together, at most.
 *
 * @param lines one statement each, as kernels are printed: the bounds of loops are numbers, or `end` names
 * `min(first + LENGTH, WHOLE)`, where a loop begins at `first`.
 */
export function loopTurns(lines: readonly string[]): number {
  const lengths = new Map<string, number>();
  /** Turns of each open block: 1 of one that is no loop. */
  const open: number[] = [];
  let turns = 0;
  for (const line of lines) {
    const length = /let (\w+) = min\(first \+ (\d+)u, (\d+)u\);/.exec(line);
    if (length) lengths.set(length[1]!, Math.min(Number(length[2]), Number(length[3])));
    const [, begin = "", end = "", step] = loop.exec(line) ?? [];
    if (step !== undefined) {
      const span = lengths.get(end) ?? numbersOf(end) - numbersOf(begin);
      open.push(Math.ceil(span / Number(step)));
      turns += open.reduce((product, each) => product * each, 1);
    } else if (line.endsWith("{")) open.push(1);
    if (line.trim() === "}") open.pop();
  }
  return turns;
}
