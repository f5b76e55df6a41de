/** Estimates the registers of straight-line text. */

/**
 * The most names that are alive at one line: defined there or before, and used there or later. A compiler may
 * need fewer, since it moves statements, or more, for addresses.
 */
export function mostLive(lines: readonly string[]): number {
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  lines.forEach((line, number) => {
    const defined = /^\s*(?:let|var) (\w+)/.exec(line)?.[1];
    if (defined !== undefined) first.set(defined, number);
    for (const [name] of line.matchAll(/[a-z]\w*/g)) if (first.has(name)) last.set(name, number);
  });
  const change = new Array<number>(lines.length + 1).fill(0);
  for (const [name, number] of first) {
    change[number]! += 1;
    change[last.get(name)! + 1]! -= 1;
  }
  let alive = 0;
  return change.reduce((most, each) => Math.max(most, alive += each), 0);
}
