/** Opens the report in a real browser: every figure of every study must draw, and say nothing. */
import assert from "node:assert/strict";
import { testInBrowser } from "../../report/testing/browser.ts";
import { assertDrawn } from "../testing/assert_drawn.ts";
import { drawReport } from "./report.ts";
import { sampleResults } from "./testing/sample_points.ts";
import { studies } from "./studies.ts";

testInBrowser("the report of the experiment in a browser", {
  prepare: () => drawReport(sampleResults()),
  steps: {
    async "draws every figure"(browser, html) {
      const count = await assertDrawn(browser, html);
      assert.ok(count > studies.length, String(count));
    },
  },
});
