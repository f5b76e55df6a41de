/** A page has to fit a phone and a desk, by day and by night, and be dark on light on paper. */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { openPage } from "./browser.ts";

/** Widths in pixels of a phone and of a desk. */
export const widths = [390, 1280] as const;
export const schemes = ["light", "dark"] as const;

/** Opens a page at each width in each scheme. @throws AssertionError where it does not fit or cannot be read. */
export async function assertFits(browser: Browser, html: string): Promise<void> {
  for (const width of widths) {
    for (const colorScheme of schemes) {
      const { page, complaints } = await openPage(browser, html, {
        colorScheme,
        viewport: { width, height: 800 },
      });
      const where = `${width} px, ${colorScheme}`;
      assert.equal(await page.getAttribute("html", "data-state"), "drawn", where);
      await assertFitsNow(page, where);
      assert.deepEqual(complaints, [], where);
      if (colorScheme === "dark") await assertPrintsLight(page);
      await page.close();
    }
  }
}

/** Whether a page as it stands is no wider than the screen, and its texts differ from what is behind them. */
export async function assertFitsNow(page: Page, where: string): Promise<void> {
  // Text, since the types of a page are not those of Deno.
  const wide = await page.evaluate(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const boxes = [...document.querySelectorAll("main *")].filter((element) =>
      element.closest(".table") === null && element.closest(".chart") === null &&
      element.getBoundingClientRect().right > clientWidth + 1);
    return [scrollWidth - clientWidth, ...boxes.map(({ tagName, className }) => tagName + className)];
  })()`);
  assert.deepEqual(wide, [0], where);
  const { body, inks } = await coloursOf(page);
  assert.ok(inks.length > 0, where);
  for (const ink of inks) assert.ok(contrast(ink, body) >= 3, `${where}: ${ink} on ${body}`);
}

async function assertPrintsLight(page: Page): Promise<void> {
  const before = await coloursOf(page);
  await page.evaluate("dispatchEvent(new Event('beforeprint'))");
  // Before the event returns: nothing is drawn between it and the print.
  const { body, inks } = await coloursOf(page);
  for (const ink of inks) assert.ok(contrast(ink, "rgb(255, 255, 255)") >= 3, ink);
  assert.ok(luminance(body) > 0.8, body);
  await page.evaluate("dispatchEvent(new Event('afterprint'))");
  await page.waitForFunction("document.documentElement.dataset.print === undefined");
  assert.deepEqual(await coloursOf(page), before);
}

interface Colours {
  /** Behind the charts. */
  readonly body: string;
  /** Of texts of the page and in charts. */
  readonly inks: readonly string[];
}

const coloursOf = (page: Page): Promise<Colours> =>
  page.evaluate(`(() => {
    const style = (element) => getComputedStyle(element);
    const texts = [...document.querySelectorAll(".chart :is(.xtick, .ytick, .legendtext, .xtitle) text")];
    const words = [...document.querySelectorAll("h1, .verdict, figcaption p")];
    return {
      body: style(document.body).backgroundColor,
      inks: [...new Set([...texts.map((text) => style(text).fill), ...words.map((word) => style(word).color)])],
    };
  })()`);

/** The ratio of luminances by which a text is told from what is behind it (WCAG 2), 1 to 21. */
function contrast(ink: string, paper: string): number {
  const [low, high] = [luminance(ink), luminance(paper)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** The relative luminance of `rgb(...)`, 0 to 1. */
function luminance(colour: string): number {
  const [red, green, blue] = colour.match(/[\d.]+/g)!.map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
