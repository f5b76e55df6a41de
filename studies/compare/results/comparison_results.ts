/** What a report of a comparison is made of. */
import type { RowAlignment } from "./alignments.ts";
import type { Difference } from "./differences.ts";
import type { JudgedRow } from "./judge_row.ts";

export interface ComparisonResults {
  readonly rows: readonly JudgedRow[];
  /** From the baseline, by score and by loss. */
  readonly differences: Readonly<Record<"score" | "loss", readonly Difference[]>>;
  readonly alignments: readonly RowAlignment[];
}
