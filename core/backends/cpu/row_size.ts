/** Lanes of a SIMD instruction. */
export const WIDTH = 4;
/**
 * Lanes of two neighbouring vectors. V8 can make one instruction of 256 bits of two equal ones on such a pair
 * (its revectorizer), so everything is written for pairs.
 */
export const PAIR = 2 * WIDTH;

/**
 * Elements that a row takes in memory. A row begins a pair of vectors and is filled up with elements that
 * nobody uses, so that no element needs an instruction of its own.
 */
export function rowSize(length: number): number {
  if (length === 1) return 1;
  return length <= WIDTH ? WIDTH : Math.ceil(length / PAIR) * PAIR;
}
