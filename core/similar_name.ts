/** Finds the name that a misspelt one may stand for. */

/** Longer words are no slip of the keyboard, and the distance of two texts takes the time of their product. */
export const longestWord = 100;
/** Most edits, and most edits a letter, of a slip. */
const most = { edits: 3, share: 0.5 } as const;

/**
 * Such as " (did you mean rnn?)"; empty if no name is similar.
 *
 * @example
 * didYouMean("ouput", ["state", "output"]); // " (did you mean output?)"
 */
export function didYouMean(word: string, names: readonly string[]): string {
  if (word.length > longestWord) return "";
  const limit = Math.min(most.edits, most.share * word.length);
  const [nearest] = names
    .filter((name) => Math.abs(name.length - word.length) <= limit)
    .map((name) => ({ name, edits: editsBetween(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) =>
      a.edits - b.edits ||
      Math.abs(a.name.length - word.length) - Math.abs(b.name.length - word.length) ||
      a.name.localeCompare(b.name)
    );
  return nearest === undefined ? "" : ` (did you mean ${nearest.name}?)`;
}

/** Insertions, deletions and replacements that make one text of another (Levenshtein, 1966). */
export function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
