/** The angle between the updates of dfa and the exact gradient of a step, of the rows that dfa trains. */
import { type LayerAlignment, measureAlignment } from "../../../analysis/alignment.ts";
import { openBackend } from "../../../core/backends/open_backend.ts";
import { isUnusableFile } from "../../../store/files/unusable_file.ts";
import { UsageError } from "../../../config/usage_error.ts";
import type { RowResult } from "./read_row.ts";

export interface RowAlignment {
  readonly result: RowResult;
  readonly layers: readonly LayerAlignment[];
}

/**
 * Measures the rows that dfa trains, on the run of each with the most seeds. Others follow the exact gradient, of
 * a step or of the sequence.
 *
 * @param options.problem receives a line on each run that cannot be measured.
 */
export async function measureAlignments(
  results: readonly RowResult[],
  { problem }: { problem: (line: string) => void },
): Promise<RowAlignment[]> {
  const measured = results.filter(({ config, runs }) =>
    config.updater.name === "dfa" && runs.length > 0
  );
  if (measured.length === 0) return [];
  const { backend } = await openBackend({ device: "cpu", threads: 1 });
  try {
    const alignments: RowAlignment[] = [];
    for (const result of measured) {
      const [run] = result.runs.toSorted((a, b) => b.seeds - a.seeds);
      try {
        const layers = await measureAlignment(run!.folder, { backend });
        if (layers.length > 0) alignments.push({ result, layers });
      } catch (error) {
        if (!(error instanceof UsageError || isUnusableFile(error))) throw error;
        problem(`angles left out: ${error.message}`);
      }
    }
    return alignments;
  } finally {
    backend.close();
  }
}
