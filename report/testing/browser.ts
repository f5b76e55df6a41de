/** Opens pages in a real browser for tests, and hears what a healthy page never says. */
import assert from "node:assert/strict";
import { type Browser, chromium, type Page } from "playwright-core";

const executablePath = Deno.env.get("HEBB_CHROMIUM") ?? "/usr/bin/chromium";
const found = await Deno.stat(executablePath).then(() => true, () => false);

/** Whether to skip: there is no browser, and nobody insists on one. */
export const ignore = !found && Deno.env.get("CI") === undefined;
if (ignore) console.log(`skip: no browser at ${executablePath}; HEBB_CHROMIUM can name another`);

const args = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function launchBrowser(): Promise<Browser> {
  assert.ok(found, `no browser at ${executablePath}; HEBB_CHROMIUM can name another`);
  return await chromium.launch({ executablePath, args });
}

export interface Opened {
  readonly page: Page;
  /** What a healthy page never does. */
  readonly complaints: string[];
}

export interface OpenOptions {
  readonly javaScriptEnabled?: boolean;
}

/** Opens a page and waits until its script has drawn it, or has said that it cannot. */
export async function openPage(
  browser: Browser,
  html: string,
  options: OpenOptions = {},
): Promise<Opened> {
  const { javaScriptEnabled = true } = options;
  const path = await Deno.makeTempFile({ suffix: ".html" });
  await Deno.writeTextFile(path, html);
  const page = await browser.newPage({ javaScriptEnabled });
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

export async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!await condition()) {
    assert.ok(performance.now() < end, "the page did not change within 20 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
