/** The losses that `train_table.ts` has written. */

/** Where they lie. */
export const tableFile = new URL("../../docs/results/search_key_recall.json", import.meta.url);
