/** Whether values lie over orders of magnitude, or are spread by factors more evenly than by differences. */
export function isLogarithmic(values: readonly number[]): boolean {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const ratio = sorted.at(-1)! / sorted[0]!;
  if (!(sorted[0]! > 0)) return false;
  if (sorted.length < 3) return ratio >= 10;
  return ratio >= 4 && unevenness(sorted.map(Math.log)) < unevenness(sorted);
}

/** The largest over the smallest step between neighbours. */
function unevenness(sorted: readonly number[]): number {
  const steps = sorted.slice(1).map((value, index) => value - sorted[index]!);
  return Math.max(...steps) / Math.min(...steps);
}
