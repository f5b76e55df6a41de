import { findSimilar } from "@optique/core/suggestion";

/** Such as " (did you mean rnn?)"; empty if no candidate is similar. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const [nearest] = findSimilar(word, candidates, { maxSuggestions: 1 });
  return nearest === undefined ? "" : ` (did you mean ${nearest}?)`;
}
