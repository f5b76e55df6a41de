/** Opens the report of an experiment in a real browser: every figure must draw, no table be cut, nothing be said. */
import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { openPage } from "../../report/testing/browser.ts";

/** @returns how many figures the page has. */
export async function assertDrawn(browser: Browser, html: string): Promise<number> {
  const { page, complaints } = await openPage(browser, html);
  assert.equal(await page.getAttribute("html", "data-state"), "drawn");
  const charts = page.locator(".chart");
  const count = await charts.count();
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
  const cut = await page.evaluate(`[...document.querySelectorAll(".table, figure")]
    .filter((box) => box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1)
    .map((box) => box.innerText.slice(0, 80))`);
  assert.deepEqual(cut, []);
  return count;
}
