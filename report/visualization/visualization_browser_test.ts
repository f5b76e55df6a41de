/** Opens a visualization in a real browser: its controls choose what is drawn, nothing is fetched. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { referenceBackend } from "../../core/backends/reference/reference.ts";
import { assertFits } from "../testing/assert_fits.ts";
import { openPage, testInBrowser, until } from "../testing/browser.ts";
import { type NetworkView, viewOf } from "./network_view.ts";
import { probeNetwork } from "../../analysis/probe/probe_network.ts";
import { renderVisualization } from "./render_visualization.ts";
import { firstReplica, writeSampleRun } from "./testing/sample_run.ts";
import { readNetworks } from "../../analysis/probe/stored_networks.ts";

async function sampleViews(): Promise<NetworkView[]> {
  const folder = await Deno.makeTempDir({ prefix: "hebb_" });
  try {
    const config = writeSampleRun(folder, { levels: [1, 3] });
    const networks = readNetworks(folder, { config, level: undefined, ...firstReplica(config) });
    const views: NetworkView[] = [];
    for (const network of networks) {
      const probe = await probeNetwork(network, {
        config,
        backend: referenceBackend(),
        scenes: undefined,
      });
      views.push(viewOf(probe, { stride: 1 }));
    }
    return views;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const render = (views: readonly NetworkView[]) =>
  renderVisualization({
    run: "<b>sample</b>",
    task: "continual_scene",
    model: "hybrid",
    device: "reference",
    views,
  });

/** What Plotly draws in a chart. */
interface Drawn {
  readonly data: readonly { readonly z?: readonly Readonly<Record<string, number>>[] }[];
  readonly layout: { readonly shapes: readonly { readonly x0: number }[] };
}

const drawn = (page: Page, id: string): Promise<Drawn> =>
  page.locator(`#${id}`).evaluate((element) => {
    const { data, layout } = element as unknown as Drawn;
    return JSON.parse(JSON.stringify({ data, layout }));
  });

/** Whether a chart shows this frame of a matrix, as far as the rounding tells. */
async function showsFrame(
  page: Page,
  id: string,
  { view, name, frame }: { view: NetworkView; name: string; frame: number },
): Promise<boolean> {
  const { rows, columns, values, limit } = view.series.find((matrix) => matrix.name === name)!;
  const { data: [trace] } = await drawn(page, id);
  return Array.from({ length: rows * columns }, (_, index) => {
    const shown = trace!.z![Math.floor(index / columns)]![String(index % columns)]!;
    const value = values[frame * rows * columns + index]!;
    return Math.abs(shown - Math.max(-limit, Math.min(limit, value))) <= limit / 254 * 1.001;
  }).every((isNear) => isNear);
}

testInBrowser("a visualization in a browser", {
  async prepare() {
    const views = await sampleViews();
    const [first, last] = views as [NetworkView, NetworkView];
    return { first, last, html: await render(views) };
  },
  steps: {
    async "draws the highest level at its last frame"(browser, { html, last }) {
      const { page, complaints } = await openPage(browser, html);
      assert.equal(await page.getAttribute("html", "data-state"), "drawn");
      const charts = page.locator(".chart");
      assert.equal(await charts.count(), 2 * (3 + 4 + 3 + 2));
      for (const chart of await charts.all()) {
        const id = (await chart.getAttribute("id"))!;
        const isShown = id.startsWith("network-1-");
        assert.equal(await chart.getAttribute("data-drawn") !== null, isShown, id);
        assert.equal(await chart.isVisible(), isShown, id);
      }
      for (const { name } of last.series) {
        assert.ok(await showsFrame(page, `network-1-${name}`, { view: last, name, frame: 47 }));
      }
      assert.equal(await page.locator("h1").textContent(), "<b>sample</b>");
      assert.ok(await page.getByRole("cell", { name: "multiplicative" }).isVisible());
      assert.deepEqual(complaints, []);
      await page.close();
    },

    async "moves all matrices with one slider, by keyboard too"(browser, { html, last }) {
      const { page, complaints } = await openPage(browser, html);
      const slider = page.getByRole("slider");
      const shows = (frame: number) =>
        Promise.all(
          last.series.map(({ name }) =>
            showsFrame(page, `network-1-${name}`, { view: last, name, frame })
          ),
        ).then((all) => all.every((is) => is));
      assert.ok(!await shows(46));
      await slider.press("ArrowLeft");
      await until(() => shows(46));
      await slider.fill("9");
      await until(() => shows(9));
      const { start } = last.probe;
      const { layout } = await drawn(page, "network-1-hidden_0");
      assert.equal(layout.shapes.at(-1)!.x0, start + 9 + 1);
      const box = async (selector: string) =>
        (await page.locator(`#network-1-hidden_0 ${selector}`).last().boundingBox())!;
      const [buttons, scene] = [await box(".modebar"), await box(".annotation")];
      assert.ok(buttons.y + buttons.height <= scene.y, "buttons cover the numbers of the scenes");
      const text = await slider.getAttribute("aria-valuetext");
      assert.match(text!, new RegExp(`^frame ${start + 10}: scene \\d+, frame 2 of 4, `));
      assert.equal(await page.locator('[data-text-of="frame-1"]').textContent(), text);
      assert.deepEqual(complaints, []);
      await page.close();
    },

    async "shows the chosen R, in the colours of the screen"(browser, { html, first }) {
      const { page, complaints } = await openPage(browser, html);
      await page.getByLabel("Network").selectOption({ label: "R = 1" });
      await page.locator("#network-0-eta_matrix_list-1[data-drawn]").waitFor();
      assert.ok(!await page.locator("#network-1-output").isVisible());
      assert.ok(
        await showsFrame(page, "network-0-plastic_1", {
          view: first,
          name: "plastic_1",
          frame: 47,
        }),
      );
      const image = page.locator("#network-0-plastic_1 .heatmaplayer image");
      const light = await image.getAttribute("href");
      await page.emulateMedia({ colorScheme: "dark" });
      await until(async () => await image.getAttribute("href") !== light);
      assert.deepEqual(complaints, []);
      await page.close();
    },

    async "fits a phone and a desk, in light and dark, and prints light"(browser, { html }) {
      await assertFits(browser, html);
    },

    async "has no controls where there is nothing to choose"(browser, { last }) {
      const still = { ...last, series: [] };
      const { page, complaints } = await openPage(browser, await render([still]));
      assert.equal(await page.locator("[data-control]").count(), 0);
      assert.equal(await page.getAttribute("#network-0-hidden_1", "data-drawn"), "1");
      assert.deepEqual(complaints, []);
      await page.close();
    },

    async "keeps the tables of every R without JavaScript"(browser, { html }) {
      const { page } = await openPage(browser, html, { javaScriptEnabled: false });
      const cells = page.getByRole("cell", { name: "additive" });
      assert.deepEqual([await cells.count(), await cells.first().isVisible()], [2, true]);
      await page.close();
    },
  },
});
