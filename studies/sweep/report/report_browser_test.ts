/** Opens the page of a sweep in a real browser. */
import assert from "node:assert/strict";
import { testInBrowser } from "../../../report/testing/browser.ts";
import { assertDrawn } from "../../testing/assert_drawn.ts";
import { readSweepResults } from "../run_sweep.ts";
import { definedSweep, simulateSweep } from "../testing/simulated_sweep.ts";
import { drawSweep } from "./draw_sweep.ts";

const text = `
name: <b>rates & optimizers
method: random
run_cap: 40
metric: { name: eval/loss, goal: minimize }
parameters:
  learning_rate: { distribution: log_uniform_values, min: 0.0001, max: 1 }
  hidden_size: { values: [8, 12, 16] }
  updater.optimizer: { values: [sgd, adam] }
`;

/** A page of a sweep of numbers and words, in which large rates diverge, and one seed of others. */
async function samplePage(): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const settings = ["model.name=rnn", "updater.name=bptt"];
    const sweep = await definedSweep(folder, { text, settings, seeds: [1, 2, 3] });
    await simulateSweep(sweep, {
      metric: "eval/loss",
      rows: 20,
      scoreOf({ "updater.learning_rate": rate, "updater.optimizer": optimizer }, seed) {
        const distance = Math.abs(Math.log10(rate as number) + 2);
        const isLost = (rate as number) > 0.2 || ((rate as number) > 0.03 && seed === 2);
        return isLost ? NaN : distance + (optimizer === "adam" ? 0 : 0.3) + seed / 50;
      },
    });
    return await drawSweep(sweep, readSweepResults(sweep));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

testInBrowser("the page of a sweep in a browser", {
  prepare: samplePage,
  steps: {
    async "draws every figure, and cuts no table"(browser, html) {
      // Parallel coordinates, curves, importance, and the metric against three settings.
      assert.equal(await assertDrawn(browser, html), 6);
    },
    "begins with the best point, and says which axes are logarithmic"(_browser, html) {
      assert.match(
        html,
        /<p class="verdict">Best point: learning rate 0\.0\d+, hidden size \d+, optimizer adam, with loss/,
      );
      assert.match(html, /<h3>Loss by learning rate<\/h3><p>[^<]* The axis is logarithmic\./);
      assert.doesNotMatch(html, /<h3>Loss by hidden size<\/h3><p>[^<]*logarithmic/);
      assert.match(html.split("</header>")[0]!, /At \d+ of them all networks diverged\./);
      return Promise.resolve();
    },
  },
});
