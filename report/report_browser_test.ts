/** Opens reports in a real browser: they must draw, say nothing to the console, fetch nothing. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { renderReport } from "./render_report.ts";
import { parseRunFiles } from "./run_files.ts";
import { sampleRun } from "./testing/sample_run.ts";
import { assertFits } from "./testing/assert_fits.ts";
import { openPage, testInBrowser, until } from "./testing/browser.ts";

const curves = [
  { id: "loss", lines: 2 },
  { id: "score", lines: 2 },
  { id: "metrics-0", lines: 4 },
  { id: "weight-norms", lines: 2 },
  { id: "update-norms", lines: 2 },
];
const maps = ["matrix-0", "matrix-1", "matrix-2"];

async function assertDrawn(page: Page, replicas: number): Promise<void> {
  assert.equal(await page.getAttribute("html", "data-state"), "drawn");
  for (const { id, lines } of curves) {
    const traces = lines * (replicas === 1 ? 1 : replicas + 1);
    assert.equal(await page.getAttribute(`#${id}`, "data-drawn"), String(traces), id);
    assert.equal(
      await page.locator(`#${id} .scatterlayer .trace path.js-line`).count(),
      traces,
      id,
    );
  }
  for (const id of maps) {
    assert.equal(await page.getAttribute(`#${id}`, "data-drawn"), "1", id);
    assert.equal(await page.locator(`#${id} .heatmaplayer image`).count(), 1, id);
  }
}

const report = (options: Parameters<typeof sampleRun>[0]): Promise<string> =>
  renderReport(parseRunFiles(sampleRun(options)));

testInBrowser("a report in a browser", {
  prepare: () => Promise.resolve(),
  steps: {
    async "draws every figure of one network"(browser) {
      const { page, complaints } = await openPage(browser, await report({}));
      await assertDrawn(page, 1);
      assert.deepEqual(complaints, []);
      await page.close();
    },

    async "follows the chosen axis, replica and colour scheme"(browser) {
      const { page, complaints } = await openPage(browser, await report({ replicas: 3 }));
      await assertDrawn(page, 3);
      const title = page.locator("#loss .xtitle");
      assert.equal(await title.textContent(), "iterations");
      await page.check('input[value="sequences"]');
      await page.locator("#update-norms .xtitle", { hasText: "sequences" }).waitFor();
      assert.equal(await title.textContent(), "sequences");

      const image = page.locator("#matrix-2 .heatmaplayer image");
      const picture = () => image.getAttribute("href");
      const before = await picture();
      assert.match(before ?? "", /^data:image/);
      await page.selectOption("#replica", "2");
      await until(async () => (await picture()) !== before);
      const light = await picture();
      await page.emulateMedia({ colorScheme: "dark" });
      await until(async () => (await picture()) !== light);
      await assertDrawn(page, 3);
      assert.deepEqual(complaints, []);
      await page.close();
    },

    async "keeps toolbars off legends, and tables in a page of 1300 pixels"(browser) {
      const { page } = await openPage(browser, await report({ replicas: 3 }));
      await page.setViewportSize({ width: 1300, height: 900 });
      // Text, since the types of a page are not those of Deno.
      const covered = await page.evaluate(`(() => {
        const boxes = (chart, part) =>
          [...chart.querySelectorAll(part)].map((element) => element.getBoundingClientRect());
        const isOver = (a, b) =>
          a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
        return [...document.querySelectorAll(".chart")].filter((chart) =>
          boxes(chart, ".modebar-group").some((bar) =>
            boxes(chart, ".legend").some((legend) => isOver(bar, legend)))
        ).map(({ id }) => id);
      })()`);
      assert.deepEqual(covered, []);
      const cut = await page.evaluate(`[...document.querySelectorAll(".table")]
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length`);
      assert.equal(cut, 0, "tables that are wider than their place");
      await page.close();
    },

    async "fits a phone and a desk, in light and dark, and prints light"(browser) {
      await assertFits(browser, await report({ replicas: 3 }));
    },

    async "shows a hostile name as text"(browser) {
      const name = `"><script>alert(1)</script>`;
      const { page, complaints } = await openPage(browser, await report({ name, replicas: 2 }));
      await assertDrawn(page, 2);
      assert.equal(await page.locator("h1").textContent(), name);
      assert.equal(await page.title(), `${name} · Hebb`);
      assert.deepEqual(complaints, []);
      await page.close();
    },

    async "keeps its tables and says so where Plotly cannot start"(browser) {
      const html = (await report({})).replace(/(id="plotly">)[^<]*/, "$1AAAA");
      const { page } = await openPage(browser, html);
      assert.equal(await page.getAttribute("html", "data-state"), "failed");
      assert.match(await page.locator("#message").innerText(), /The tables below are complete/);
      assert.ok(await page.getByRole("cell", { name: "iteration limit" }).isVisible());
      await page.close();
    },

    async "keeps its tables and says so without JavaScript"(browser) {
      const html = await report({});
      const { page, complaints } = await openPage(browser, html, { javaScriptEnabled: false });
      assert.ok(await page.getByText("The charts need JavaScript").isVisible());
      assert.ok(await page.getByRole("cell", { name: "iteration limit" }).isVisible());
      assert.deepEqual(complaints, []);
      await page.close();
    },
  },
});
