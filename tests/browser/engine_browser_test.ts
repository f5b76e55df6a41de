/**
 * The engine in a browser: another implementation of WebGPU (Dawn and its compiler Tint) takes the kernels of
 * every program, and computes the numbers of the reference and of golden cases.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { testInBrowser, until } from "../../report/testing/browser.ts";
import { drawnGolden } from "../../tools/parity/testing/drawn_golden.ts";
import { codeBlocks } from "../testing/code_blocks.ts";
import { importMap } from "../testing/page_folder.ts";
import { bundle, withoutNode } from "./bundle.ts";
import type { EnginePage } from "./engine_page.ts";

const flags = [
  "--enable-unsafe-webgpu",
  // A kernel that reads what nobody wrote shows; and the software adapter compiles several times faster.
  "--enable-dawn-features=disable_workgroup_init",
];

const root = new URL("../../", import.meta.url);
const types: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript" };

/** Opens `index.html` among files; a page of localhost may use WebGPU. */
async function openFiles(
  browser: Browser,
  files: ReadonlyMap<string, string>,
): Promise<{ page: Page; said: string[] }> {
  const page = await browser.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", ({ message }) => said.push(`error: ${message}`));
  await page.route("http://localhost/**", (route) => {
    const name = new URL(route.request().url()).pathname.slice(1) || "index.html";
    const body = files.get(name);
    const contentType = types[name.split(".").at(-1)!];
    return route.fulfill(body === undefined ? { status: 404 } : { body, contentType });
  });
  await page.goto("http://localhost/");
  return { page, said };
}

/** The page of the tests. */
async function openEngine(browser: Browser, script: string): Promise<Page> {
  const html =
    '<!doctype html><link rel="icon" href="data:,"><script type="module" src="engine.js"></script>';
  const files = new Map([["index.html", html], ["engine.js", script]]);
  const { page, said } = await openFiles(browser, files);
  await page.waitForFunction(() => "hebb" in globalThis, undefined, { timeout: 20_000 })
    .catch(() => assert.fail(`the engine did not load: ${said.join("\n")}`));
  return page;
}

/** Calls a function of the page. */
const call = <N extends "twin" | "golden" | "hasAdapter" | "subgroups">(
  page: Page,
  name: N,
  ...args: Parameters<EnginePage[N]>
): ReturnType<EnginePage[N]> =>
  page.evaluate(
    ({ name, args }) =>
      (globalThis as unknown as { hebb: Record<string, (...args: unknown[]) => unknown> })
        .hebb[name]!(...args),
    { name: name as string, args: args as unknown[] },
  ) as ReturnType<EnginePage[N]>;

/** Whether this browser has an adapter. @throws AssertionError if not, in CI. */
async function hasAdapter(page: Page): Promise<boolean> {
  const found = await call(page, "hasAdapter");
  assert.ok(found || Deno.env.get("CI") === undefined, "the browser has no WebGPU adapter");
  if (!found) console.log("skip: the browser has no WebGPU adapter");
  return found;
}

async function everyCase(
  browser: Browser,
  script: string,
  lowering: "fused" | "split",
): Promise<void> {
  const page = await openEngine(browser, script);
  if (!await hasAdapter(page)) return;
  const names = await page.evaluate(() =>
    (globalThis as unknown as { hebb: EnginePage }).hebb.caseNames
  );
  assert.ok(names.length > 20);
  const problems: string[] = [];
  for (const [index, name] of names.entries()) {
    try {
      const errors = await call(page, "twin", index, lowering);
      assert.ok(errors.length > 3, name);
      const wrong = errors.filter(([, error]) => !(error <= 1e-5));
      problems.push(...wrong.map(([slot, error]) => `${name}: ${slot} is off by ${error}`));
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message}`);
    }
  }
  assert.deepEqual(problems, []);
}

/** Kernels use subgroups where the browser has them, so the other steps test these. */
async function subgroups(browser: Browser, script: string): Promise<void> {
  const page = await openEngine(browser, script);
  if (!await hasAdapter(page)) return;
  const { offered, lanes } = await call(page, "subgroups");
  if (!offered) return console.log("skip: this browser has no subgroups");
  assert.ok(lanes > 1, "the test of subgroups fails");
}

const goldens = [
  "ethereal_dfa_all_options",
  "rnn_dfa_clipped",
  "attractor_tanh_zero_diagonal",
].map((name) => `${name}.safetensors`);

async function everyFamily(browser: Browser, script: string): Promise<void> {
  const page = await openEngine(browser, script);
  if (!await hasAdapter(page)) return;
  const files = new Map(
    goldens.map((file) => [file, Deno.readFileSync(new URL(`tests/goldens/${file}`, root))]),
  ).set("bohp", drawnGolden({ neurons: 5, steps: 9, eta: 0.7 }));
  for (const lowering of ["fused", "split"] as const) {
    for (const [file, bytes] of files) {
      const rows = await call(page, "golden", file, [...bytes], lowering);
      assert.ok(rows.length > 4);
      assert.deepEqual(rows.filter(({ passed }) => !passed), [], `${file}, ${lowering}`);
    }
  }
}

/** The page that docs/gpu.md shows, in a folder of a user. */
async function shownPage(browser: Browser, engine: string): Promise<void> {
  if (!await hasAdapter(await openEngine(browser, engine))) return;
  const folder = await Deno.makeTempDir();
  const blocks = codeBlocks(Deno.readTextFileSync(new URL("docs/gpu.md", root)));
  const shown = new Map(blocks.flatMap(({ file, text }) => file ? [[file, text] as const] : []));
  for (const [file, text] of shown) await Deno.writeTextFile(`${folder}/${file}`, text);
  const config = `${folder}/deno.json`;
  await Deno.writeTextFile(config, JSON.stringify({ imports: importMap }));
  const script = await bundle(`${folder}/page.ts`, { config });
  const { page, said } = await openFiles(browser, new Map([...shown, ["page.js", script]]));
  await until(() => Promise.resolve(said.some((line) => /^(error|log: done)/.test(line))));
  const [device, ...rows] = said;
  assert.match(device!, /^log: device: gpu, \w.*$/);
  assert.equal(rows.pop(), "log: done");
  const losses = rows.map((row) => Number(/^log: \d+ \[([\d.]+)\]$/.exec(row)?.[1]));
  assert.equal(losses.length, 4, said.join("\n"));
  assert.ok(losses.at(-1)! < losses[0]!, said.join("\n"));
  await page.close();
  await Deno.remove(folder, { recursive: true });
}

testInBrowser("the engine in a browser", {
  flags,
  prepare: async () =>
    withoutNode(await bundle(fileURLToPath(new URL("engine_page.ts", import.meta.url)))),
  steps: {
    "subgroups pass the test that lets kernels use them": subgroups,
    "fused, every model with every rule computes the numbers of the reference": (...given) =>
      everyCase(...given, "fused"),
    "split, every model with every rule computes the numbers of the reference": (...given) =>
      everyCase(...given, "split"),
    "golden cases are met, fused and split": everyFamily,
    "the page of docs/gpu.md trains a network": shownPage,
  },
});
