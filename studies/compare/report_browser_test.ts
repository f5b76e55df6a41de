/** Opens the report of the memory cells in a real browser, with made-up results and angles. */
import assert from "node:assert/strict";
import { testInBrowser } from "../../report/testing/browser.ts";
import { assertDrawn } from "../testing/assert_drawn.ts";
import { memoryCells } from "./memory_cells.ts";
import { drawReport } from "./report.ts";
import { differencesFrom } from "./results/differences.ts";
import { judgeRows } from "./results/judge_row.ts";
import { readRow } from "./results/read_row.ts";
import { fitRows } from "./rows/fit_rows.ts";
import { comparisonOfRows, writeSampleRow } from "./testing/sample_rows.ts";

/** A page with a row for each cell, of which some seeds diverge. */
async function samplePage(): Promise<string> {
  const out = await Deno.makeTempDir();
  try {
    const rows = fitRows(memoryCells.drafts, { shared: memoryCells.shared, varied: [], set: [] });
    const results = rows.map((row, place) => {
      const fresh = place % 5 === 4 ? NaN : 1 - place / 50;
      writeSampleRow(out, {
        row,
        seeds: [1, 2, 3],
        scores: [[0.5, 0.9, fresh], [0.6, 0.8, 0.8], [0.5, 0.7, 0.9]],
        norms: { "plastic/weight_norm_high": [1, 2, 3] },
      });
      return readRow(out, { row, problem: assert.fail });
    });
    const layers = ["linear0", "i2o"].map((layer) => ({ layer, before: [0], after: [0.5] }));
    return await drawReport(
      { ...comparisonOfRows(rows), studies: memoryCells.studies },
      {
        rows: judgeRows(results, 0.95),
        differences: {
          score: differencesFrom(results[0]!, results, "score"),
          loss: differencesFrom(results[0]!, results, "loss"),
        },
        alignments: results.slice(0, 2).map((result) => ({ result, layers })),
      },
    );
  } finally {
    await Deno.remove(out, { recursive: true });
  }
}

testInBrowser("the report of a comparison in a browser", {
  prepare: samplePage,
  steps: {
    async "draws every figure, and cuts no table"(browser, html) {
      // Scores, score and loss of five groups of rows, and angles.
      assert.equal(await assertDrawn(browser, html), 1 + 2 * 5 + 1);
    },
  },
});
