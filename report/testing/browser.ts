/** Opens pages in a real browser for tests, and hears what a healthy page never says. */
import assert from "node:assert/strict";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const executablePath = Deno.env.get("HEBB_CHROMIUM") ?? "/usr/bin/chromium";
const hasBrowser = await Deno.stat(executablePath).then(() => true, () => false);

/** Whether to skip: there is no browser, and no CI that insists on one. */
const ignore = !hasBrowser && Deno.env.get("CI") === undefined;
if (ignore) console.log(`skip: no browser at ${executablePath}; HEBB_CHROMIUM can name another`);

const args = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What a test does in an open browser, with what was prepared for all of its steps. */
type Step<T> = (browser: Browser, prepared: T) => Promise<void>;

/** A test by name whose steps share one browser, and what `prepare` made; `flags` are more of the browser's. */
export function testInBrowser<T>(
  name: string,
  { prepare, steps, flags = [] }: {
    prepare: () => Promise<T>;
    steps: Readonly<Record<string, Step<T>>>;
    flags?: readonly string[];
  },
): void {
  Deno.test({
    name,
    ignore,
    // The browser and its pipes live from the first step to the last.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn(test) {
      const prepared = await prepare();
      const browser = await launchBrowser(flags);
      try {
        for (const [title, step] of Object.entries(steps)) {
          await test.step(title, () => step(browser, prepared));
        }
      } finally {
        await browser.close();
      }
    },
  });
}

async function launchBrowser(flags: readonly string[]): Promise<Browser> {
  assert.ok(hasBrowser, `no browser at ${executablePath}; HEBB_CHROMIUM can name another`);
  return await chromium.launch({ executablePath, args: [...args, ...flags] });
}

/** A page that has been drawn. */
export interface Opened {
  readonly page: Page;
  /** What a healthy page never does. */
  readonly complaints: string[];
}

export type OpenOptions = Pick<
  BrowserContextOptions,
  "javaScriptEnabled" | "colorScheme" | "viewport"
>;

/** Opens a page and waits until its script has drawn it, or has said that it cannot. */
export async function openPage(
  browser: Browser,
  html: string,
  options: OpenOptions = {},
): Promise<Opened> {
  const { javaScriptEnabled = true } = options;
  const path = await Deno.makeTempFile({ suffix: ".html" });
  await Deno.writeTextFile(path, html);
  const page = await browser.newPage({ ...options, javaScriptEnabled });
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = request.url();
    if (url !== `file://${path}` && !/^(blob|data):/.test(url)) complaints.push(`request: ${url}`);
  });
  await page.goto(`file://${path}`);
  if (javaScriptEnabled) await page.waitForSelector("html[data-state]", { timeout: 60_000 });
  await Deno.remove(path);
  return { page, complaints };
}

/** Waits for what a page does by and by. @throws AssertionError after 20 seconds. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!await condition()) {
    assert.ok(performance.now() < end, "the page did not change within 20 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
