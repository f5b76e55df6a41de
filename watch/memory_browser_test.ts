/** The memory of the server and of the page while runs train for long. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { testInBrowser, until } from "../report/testing/browser.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { denoCommand, endOf } from "../tests/testing/run_hebb.ts";
import { createAnswers } from "./answer.ts";
import { beginRuns } from "./testing/training_runs.ts";

const MB = 1024 ** 2;

Deno.test(
  "an hour of updates leaves the memory of the server as it is",
  inTemporaryFolder(async (root) => {
    const program = fileURLToPath(new URL("./testing/server_memory.ts", import.meta.url));
    const child = new Deno.Command(denoCommand(), {
      args: [
        ...["run", "--no-lock", "--no-prompt", "--v8-flags=--expose-gc", "--allow-read"],
        ...[`--allow-write=${root}`, "--allow-env", "--ignore-env=LOG_TOKENS", program, root],
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const { stdout, stderr } = await endOf(child);
    assert.equal(stderr, "");
    const heap: number[] = JSON.parse(stdout);
    const [early, late] = [Math.max(...heap.slice(2, 5)), Math.min(...heap.slice(-3))];
    assert.ok(late - early < 0.5 * MB, `heap in bytes, every five minutes: ${heap}`);
  }),
);

const address = "http://127.0.0.1:4322/";
const pause = 2000;

/** A page whose clock stands still until it is moved, with answers from this process. */
async function simulatedPage(root: string, open: () => Promise<Page>) {
  const runs = beginRuns(root, 3);
  let now = Date.parse("2030-04-01");
  runs.advance(now);
  const answers = createAnswers(root, { clock: () => now });
  const page = await open();
  await page.clock.install();
  await page.route("**/*", async (route) => {
    const request = new Request(route.request().url(), { headers: { host: "127.0.0.1:4322" } });
    const response = await answers.answer(request);
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    });
  });
  const ticks = runs.names.map((name) => `run=${name}`).join("&");
  await page.goto(`${address}#${ticks}&metric=loss`);
  await page.waitForSelector("html[data-state=drawn]");
  const session = await page.context().newCDPSession(page);
  return {
    page,
    /** Lets the runs go on, and the page ask and draw. */
    async update() {
      runs.advance(now += pause);
      const before = await page.getAttribute("html", "data-updates");
      await page.clock.runFor(pause);
      await until(async () => await page.getAttribute("html", "data-updates") !== before);
    },
    /** Bytes and nodes that the page holds. */
    async memory() {
      for (let count = 0; count < 3; count++) await session.send("HeapProfiler.collectGarbage");
      const { usedSize } = await session.send("Runtime.getHeapUsage");
      const { nodes, jsEventListeners } = await session.send("Memory.getDOMCounters");
      return { bytes: usedSize, nodes, listeners: jsEventListeners };
    },
    async close() {
      await page.close();
      answers.close();
      runs.end();
    },
  };
}

/** Updates to compare the memory after: thinned by another power of two, the curves have as many points. */
const [first, last] = [50, 200];
/** Plotly remembers the sizes of texts, such as those of ticks: of 10,000 at most, with a few hundred bytes each. */
const textSizes = 3 * MB;

testInBrowser("the memory of the page", {
  prepare: () => Deno.makeTempDir({ prefix: "hebb_" }),
  steps: {
    async "does not grow while curves do"(browser, root) {
      const { page, update, memory, close } = await simulatedPage(root, () => browser.newPage());
      for (let count = 0; count < first; count++) await update();
      const early = await memory();
      for (let count = first; count < last; count++) await update();
      const late = await memory();
      assert.match(await page.locator("#runs tr").first().innerText(), /2,010\/1,000,000/);
      const words = JSON.stringify({ early, late });
      assert.ok(late.bytes - early.bytes < textSizes, words);
      assert.ok(late.nodes - early.nodes < 200 && late.listeners - early.listeners < 20, words);
      await close();
      await Deno.remove(root, { recursive: true });
    },
  },
});
