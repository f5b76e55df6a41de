/** The nearest words to a word. */
export { findSimilar } from "npm:@optique/core@1.3.6/suggestion";
