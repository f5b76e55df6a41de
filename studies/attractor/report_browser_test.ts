/** Opens the report in a real browser: every figure of every study must draw, and say nothing. */
import assert from "node:assert/strict";
import { openPage, testInBrowser } from "../../report/testing/browser.ts";
import { drawReport } from "./report.ts";
import { sampleResults } from "./testing/sample_points.ts";
import { studies } from "./studies.ts";

testInBrowser("the report of the experiment in a browser", {
  prepare: () => drawReport(sampleResults()),
  steps: {
    async "draws every figure"(browser, html) {
      const { page, complaints } = await openPage(browser, html);
      assert.equal(await page.getAttribute("html", "data-state"), "drawn");
      const charts = page.locator(".chart");
      const count = await charts.count();
      assert.ok(count > studies.length, String(count));
      for (let index = 0; index < count; index++) {
        const chart = charts.nth(index);
        // What nobody sees is drawn once it is scrolled to.
        await chart.scrollIntoViewIfNeeded();
        const id = await chart.getAttribute("id");
        await page.locator(`#${id}[data-drawn] svg.main-svg`).first().waitFor();
        assert.doesNotMatch(await chart.innerText(), /Drawing/, id!);
        assert.notEqual(await chart.getAttribute("data-drawn"), "0", id!);
      }
      assert.deepEqual(complaints, []);
      await page.setViewportSize({ width: 1300, height: 900 });
      const cut = await page.evaluate(`[...document.querySelectorAll(".table")]
        .filter((table) => table.scrollWidth > table.clientWidth + 1)
        .map((table) => table.innerText.slice(0, 80))`);
      assert.deepEqual(cut, []);
    },
  },
});
