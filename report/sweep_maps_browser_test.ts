/** Opens the report of a sweep over two settings in a real browser. */
import assert from "node:assert/strict";
import { renderReport } from "./render_report.ts";
import { parseRunFiles } from "./run_files.ts";
import { openPage, testInBrowser } from "./testing/browser.ts";

const page = () =>
  renderReport(parseRunFiles({
    config: JSON.stringify({
      training: {
        seeds: [1, 2],
        sweep: { "updater.learning_rate": [0.01, 0.1], "model.plast_clip": [100, 1000, 10000] },
        exploded_loss: 2,
      },
    }),
    metrics: JSON.stringify({
      iteration: 1,
      "train/loss": [1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 1, 1],
      "train/recall_accuracy": [1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1],
      "test/loss": [1, 1, 1, null, 5, 5, 1, 1, 1, 1, 1, 1],
      "test/recall_accuracy": [1, 1, 1, null, 0, 0, 1, 1, 1, 1, 1, 0.5],
    }),
  }));

testInBrowser("a map of a sweep in a browser", {
  prepare: page,
  steps: {
    async "draws both maps, with a value in every cell"(browser, html) {
      const { page, complaints } = await openPage(browser, html);
      for (const [id, values] of [["exploded-0", 6], ["score-map-0", 6]] as const) {
        assert.equal(await page.getAttribute(`#${id}`, "data-drawn"), "1", id);
        assert.equal(await page.locator(`#${id} .heatmaplayer image`).count(), 1, id);
        assert.equal(await page.locator(`#${id} .heatmap-label`).count(), values, id);
      }
      const texts = await page.locator("#exploded-0 .heatmap-label").allTextContents();
      assert.deepEqual(texts.toSorted(), ["0", "0", "0", "0", "0.5", "1"]);
      assert.deepEqual(complaints, []);
      await page.close();
    },

    async "the legend of the points leaves the lines most of the height"(browser, html) {
      const { page } = await openPage(browser, html);
      const heightOf = async (selector: string) =>
        (await page.locator(selector).first().boundingBox())!.height;
      const [chart, lines] = [await heightOf("#loss"), await heightOf("#loss .nsewdrag")];
      assert.ok(lines > 0.45 * chart, `${lines} of ${chart}`);
      await page.close();
    },
  },
});
