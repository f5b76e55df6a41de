import { findSimilar } from "@optique/core/suggestion";

/** " (did you mean x?)", or nothing when no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const [nearest] = findSimilar(word, known, { maxSuggestions: 1 });
  return nearest === undefined ? "" : ` (did you mean ${nearest}?)`;
}
