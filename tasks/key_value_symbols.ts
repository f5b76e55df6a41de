/** Characters of the tasks with keys and values; no character has two roles. */

/** Keys. */
export const LETTERS = "abcdefghijklmnopqrstuvwxyz";
/** Values. */
export const VALUES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** Begins the questions. */
export const QUESTION = "?";
/** Distractors. */
export const NOISE = ".,;:";
