/** Opens the comparison of stored runs in a real browser. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { assertFits } from "../../report/testing/assert_fits.ts";
import { testInBrowser } from "../../report/testing/browser.ts";
import { openMetricsLog } from "../../store/files/metrics.ts";
import { simulateRun } from "../../store/index/testing/simulated_run.ts";
import { assertDrawn } from "../testing/assert_drawn.ts";
import { readComparedRows } from "./compared_row.ts";
import { drawComparison } from "./report.ts";

/** A page of a run with a sweep and a run that diverged, with a name that is HTML. */
async function samplePage(): Promise<string> {
  const root = await Deno.makeTempDir();
  try {
    const names = ["rates", "<b>bold & plain"];
    for (const [place, name] of names.entries()) {
      const folder = join(root, name);
      simulateRun(folder, {
        settings: [
          "training.seeds=1,2",
          ...place === 0 ? ["training.sweep=updater.learning_rate=0.01,0.1,1"] : [],
        ],
        metrics: { "test/accuracy": place === 0 ? [0.1, 0.2, 0.3, 0.4, 0.5, NaN] : [NaN, NaN] },
      });
      const log = openMetricsLog(join(folder, "metrics.jsonl"));
      for (let iteration = 1; iteration <= 50; iteration++) {
        const networks = place === 0 ? 6 : 2;
        const values = Array.from({ length: networks }, (_, index) => (index + 1) / iteration);
        log.append({
          ...{ iteration, sequences: 4 * iteration, seconds: iteration },
          values: { "train/loss": values, "eval/accuracy": values.map((value) => 1 - value / 6) },
        });
      }
      log.close();
    }
    const rows = readComparedRows(names.map((name) => join(root, name)));
    assert.equal(rows.length, 4);
    return await drawComparison(rows, {
      metrics: ["test/accuracy", "eval/accuracy", "train/loss"],
    });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

testInBrowser("the comparison of stored runs in a browser", {
  prepare: samplePage,
  steps: {
    async "draws a curve of each metric of the log, and cuts no table"(browser, html) {
      assert.equal(await assertDrawn(browser, html), 2);
    },

    "fits a phone and a desk, in light and dark, and prints light": assertFits,
  },
});
