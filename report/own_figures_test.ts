/** Figures of one's own: stored as data, drawn by every later report, unable to do more than draw. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { drawOwnFigures, type OwnFigure } from "./own_figures.ts";
import { sampleRun } from "./testing/sample_run.ts";
import { openPage, testInBrowser } from "./testing/browser.ts";
import { writeReport } from "./write_report.ts";

const hostile = '<a href="javascript:alert(1)">x</a></script><b>bold</b>';

const figures: readonly OwnFigure[] = [
  {
    title: `Losses ${hostile}`,
    note: "Two lines.",
    traces: [
      { type: "scatter", x: [1, 2, 3], y: Float32Array.of(3, NaN, 1), name: hostile },
      { type: "scatter", x: [1, 2, 3], y: [2, 1, 0.5], name: "second" },
    ],
    layout: { xaxis: { title: { text: "iterations" } }, yaxis: { type: "log" } },
  },
  { title: "No figure", traces: [{ type: "scatter", x: 3 }], layout: { shapes: 3 } },
  { title: "Bars", traces: [{ type: "bar", x: ["a", "b"], y: [1, 2] }] },
];

/** Writes the files of a finished run. */
function writeRun(folder: string): void {
  const { metrics, ...texts } = sampleRun();
  for (const [name, text] of Object.entries(texts)) {
    Deno.writeTextFileSync(join(folder, `${name}.json`), text!);
  }
  Deno.writeTextFileSync(join(folder, "metrics.jsonl"), metrics!);
}

Deno.test(
  "own figures: a later report without the script draws the same page",
  inTemporaryFolder(async (folder) => {
    writeRun(folder);
    const page = async (options = {}) => Deno.readTextFileSync(await writeReport(folder, options));
    const plain = await page();
    const drawn = await page({ figures });
    assert.equal(await page(), drawn);
    assert.match(drawn, /<h2>Figures of its script<\/h2>/);
    assert.doesNotMatch(plain, /Figures of its script/);
    assert.doesNotMatch(drawn, /<a href="javascript/);
    const stored = JSON.parse(Deno.readTextFileSync(join(folder, "own_figures.json")));
    assert.deepEqual(stored.figures[0].traces[0].y, [3, null, 1]);
    assert.equal(await page({ figures: [] }), plain);
  }),
);

Deno.test("own figures: their texts are text, but for tags of style", () => {
  const [figure] = drawOwnFigures(figures as Parameters<typeof drawOwnFigures>[0]);
  const { name } = figure!.chart.traces[0]!.plotly;
  assert.equal(name, '&lt;a href="javascript:alert(1)">x&lt;/a>&lt;/script><b>bold</b>');
});

Deno.test(
  "own figures: what is no plain data is refused by its place, and changes nothing",
  inTemporaryFolder(async (folder) => {
    writeRun(folder);
    const wrong: readonly [figure: object, says: RegExp][] = [
      [
        { title: "a", traces: [] },
        /^TypeError: figures\[0\]\.traces: expected at least one trace$/,
      ],
      [{ traces: [{}] }, /^TypeError: figures\[0\]\.title: /],
      [
        { title: "a", traces: [{ y: () => 1 }] },
        /^TypeError: figures\[0\]\.traces\[0\]\.y: expected plain data, got a value of type function$/,
      ],
      [
        { title: "a", traces: [{ y: [1, new Date()] }] },
        /traces\[0\]\.y\[1\]: expected plain data, got a value of type Date$/,
      ],
    ];
    for (const [figure, says] of wrong) {
      await assert.rejects(writeReport(folder, { figures: [figure as OwnFigure] }), says);
    }
    assert.deepEqual([...Deno.readDirSync(folder)].filter(({ name }) => /own|html/.test(name)), []);
  }),
);

testInBrowser("own figures in a browser", {
  prepare: async () => {
    const folder = await Deno.makeTempDir();
    writeRun(folder);
    const html = Deno.readTextFileSync(await writeReport(folder, { figures }));
    await Deno.remove(folder, { recursive: true });
    return html;
  },
  steps: {
    async "are drawn beside the others, and one that is none hinders nobody"(browser, html) {
      const { page, complaints } = await openPage(browser, html);
      assert.equal(await page.getAttribute("html", "data-state"), "drawn");
      assert.equal(await page.locator("#own-0 .scatterlayer .trace").count(), 2);
      assert.match((await page.textContent("#own-1"))!, /^Not drawn: ./);
      assert.equal(await page.locator("#own-2 .barlayer .point").count(), 2);
      assert.equal(await page.locator("#loss .scatterlayer .trace path.js-line").count(), 2);
      assert.equal(await page.locator("#own-0 a[href^=javascript], figcaption a").count(), 0);
      assert.equal(
        await page.locator("#own-0 .legendtext").first().textContent(),
        '<a href="javascript:alert(1)">x</a></script>bold',
      );
      assert.deepEqual(complaints, []);
      await page.close();
    },
  },
});
