/** Which sequences the numbers of rows are measured on, in words. */
import type { JudgedRow } from "./results/judge_row.ts";

/** Sequences of the last numbers, and of those along the training; what all rows do counts. */
export function judgedOn(
  rows: readonly Pick<JudgedRow, "result">[],
): { readonly end: string; readonly along: string } {
  const all = (key: "test_sequences" | "evaluation_sequences") =>
    rows.every(({ result: { config: { training } } }) => training[key] > 0);
  const along = all("evaluation_sequences")
    ? "held-out sequences"
    : "sequences of training, before each update";
  return { end: all("test_sequences") ? "fresh sequences" : along, along };
}
