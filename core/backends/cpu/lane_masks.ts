/** Masks of the first lanes of a vector: parts of a table in memory, eight ones and eight zeros. */
import { PAIR } from "./row_size.ts";

/** First byte of the table, after the words of barrier and commands. */
const TABLE = 64;

/** The statement of the module that fills the table. */
export const maskTable = `(data (i32.const ${TABLE}) "${"\\ff".repeat(4 * PAIR)}${
  "\\00".repeat(4 * PAIR)
}")`;

/** All ones in the first lanes, else 0; of the second vector of a pair the number is 4 less, and may be negative. */
export const firstLanes = (count: number): string =>
  `(v128.load offset=${TABLE + 4 * (PAIR - count)} (i32.const 0))`;
