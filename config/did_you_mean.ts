import { findSimilar } from "../deps/suggestion.ts";

/** Longer words are no slip of the keyboard, and the distance of two texts takes the time of their product. */
const longestWord = 100;

/** Such as " (did you mean rnn?)"; empty if no candidate is similar. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  if (word.length > longestWord) return "";
  const [nearest] = findSimilar(word, candidates, { maxSuggestions: 1 });
  return nearest === undefined ? "" : ` (did you mean ${nearest}?)`;
}
