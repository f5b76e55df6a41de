/** The numbers in the closing line of `deno test`. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
}

const closingLine =
  /^(?:ok|FAILED) \| (\d+) passed(?: \([^)]*\))? \| (\d+) failed(?: \([^)]*\))?(?: \| (\d+) ignored)?/gm;

/** Reads the last closing line of an output without colours; undefined if no test ran. */
export function readTestSummary(output: string): TestSummary | undefined {
  const last = [...output.matchAll(closingLine)].at(-1);
  if (!last) return undefined;
  const [passed, failed, ignored] = last.slice(1).map((count) => Number(count ?? 0));
  return { passed: passed!, failed: failed!, ignored: ignored! };
}
