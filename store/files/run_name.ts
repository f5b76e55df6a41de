const pattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * Checks the name of a run or a group: one plain path component, the same on every system.
 * @returns the name
 * @throws RangeError
 */
export function checkRunName(name: string, { what = "run name" } = {}): string {
  if (!pattern.test(name)) {
    throw new RangeError(
      `${what} ${JSON.stringify(name)} is not usable, expected 1 to 64 letters, digits, ` +
        `".", "_" or "-", starting with a letter or digit`,
    );
  }
  return name;
}

/** Longest name whose id is still a name: the time and a dash stand before it. */
const longestName = 64 - "20300401T093000Z-".length;

/** The nearest name that is usable: words of others may hold spaces, slashes or nothing at all. */
export const usableName = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9._-]+/g, "_").replace(/^[^A-Za-z0-9]+/, "").slice(0, longestName) ||
  "run";

/** The id of a run: UTC start time, then its short name, such as 20300401T093000Z-recall. */
export function runId(name: string, start: Date): string {
  const stamp = start.toISOString().replace(/\.\d+Z$/, "Z").replaceAll(/[-:]/g, "");
  return checkRunName(`${stamp}-${checkRunName(name)}`, { what: "run id" });
}
