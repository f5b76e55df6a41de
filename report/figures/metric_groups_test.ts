import assert from "node:assert/strict";
import { attractorLoss } from "../../core/losses/attractor_loss.ts";
import { metricFacts } from "../../core/losses/metric_facts.ts";
import { parseRunFiles } from "../run_files.ts";
import { metricPanels } from "./metric_groups.ts";
import { drawPanel } from "./panel.ts";

const filesOf = (row: object, metrics: object = {}, config: object = {}) =>
  parseRunFiles({
    config: JSON.stringify(config),
    metrics: JSON.stringify({ iteration: 1, ...row }),
    figures: JSON.stringify({ bounds: { score: "kept" }, metrics }),
  });

const axisOf = (panel: Parameters<typeof drawPanel>[0]) =>
  drawPanel(panel).chart.layout["yaxis"] as {
    title: { text: string };
    range?: number[];
    rangemode?: string;
  };

Deno.test("metrics: wrong bits of an attractor are a count on an axis of counts", () => {
  const loss = attractorLoss({
    ...{ alpha: 10, beta: 1, gamma: 1, delta: 0, epsilon: 0 },
    ...{ steps: 4, kept: 0.9 },
  });
  const facts = Object.fromEntries(
    Object.keys(loss.metrics).map((name) => [name, metricFacts(loss, name)]),
  );
  const panels = metricPanels(
    filesOf({ "train/wrong_bits": 12, "train/recovered": 0.5, "train/kept": 1 }, facts),
  );
  assert.deepEqual(panels.map(({ title }) => title), ["Wrong bits", "Recovered"]);
  const [bits, recovered] = panels.map(axisOf);
  assert.deepEqual([bits!.title.text, bits!.range, bits!.rangemode], [
    "wrong bits",
    undefined,
    "tozero",
  ]);
  assert.deepEqual([recovered!.range, recovered!.rangemode], [[-0.03, 1.03], undefined]);
  assert.equal(panels[0]!.caption, "Bits of a pattern that are wrong at the last step.");
});

Deno.test("metrics: one of anybody's own loss has a curve, with its unit and on its own axis", () => {
  const row = { "train/drift": 40, "eval/drift": 30, "train/unknown": 7, "test/drift": 1 };
  const panels = metricPanels(filesOf(row, { drift: { kind: "mean", unit: "deg" } }));
  assert.deepEqual(panels.map(({ title, lines }) => [title, lines.map(({ label }) => label)]), [
    ["Drift", ["drift", "drift, held out"]],
    ["Unknown", ["unknown"]],
  ]);
  const [drift, unknown] = panels.map(axisOf);
  assert.deepEqual([drift!.title.text, drift!.range], ["drift (deg)", undefined]);
  assert.deepEqual([unknown!.title.text, unknown!.range], ["unknown", undefined]);
});

Deno.test("metrics: alike ones share a figure; loss, score and other rows have their own", () => {
  const share = { kind: "share", better: "more", summary: "Share of cases." };
  const row = {
    "train/loss": 1,
    "train/kept": 1,
    "train/a": 0.5,
    "train/b": 0.25,
    "goal/updates": 3,
  };
  const facts = { a: share, b: { ...share, summary: "Share of others." } };
  const [panel, ...more] = metricPanels(filesOf(row, facts));
  assert.deepEqual([panel!.title, more], ["A, b", []]);
  assert.equal(panel!.caption, "A: share of cases. B: share of others.");
  const sweep = { training: { seeds: [1], sweep: { "task.x": [1, 2] } } };
  const swept = metricPanels(filesOf({ "train/a": [0, 1], "train/b": [1, 1] }, facts, sweep));
  assert.deepEqual(swept.map(({ title }) => title), ["A", "B"], "colours are points of the sweep");
});

Deno.test("metrics: axes and units come from the declared range, of the kind or of the author", () => {
  const facts = {
    correlation: { kind: "correlation", better: "more" },
    rms_error: { kind: "root-mean-square", unit: "mV" },
    angle: { kind: "mean", unit: "deg", range: { low: -180, high: 180 } },
    energy: { kind: "value", unit: "J" },
  };
  const row = Object.fromEntries(Object.keys(facts).map((name) => [`train/${name}`, 0.5]));
  const panels = metricPanels(filesOf(row, facts));
  assert.deepEqual(
    panels.map(axisOf).map(({ title, range, rangemode }) => [title.text, range, rangemode]),
    [
      ["correlation", [-1.06, 1.06], undefined],
      ["rms error (mV)", undefined, "tozero"],
      ["angle (deg)", [-190.8, 190.8], undefined],
      ["energy (J)", undefined, undefined],
    ],
  );
});

Deno.test("metrics: what guessing reaches is a level of a figure of one metric", () => {
  const files = parseRunFiles({
    config: "{}",
    metrics: JSON.stringify({ iteration: 1, "train/energy": 2 }),
    figures: JSON.stringify({
      bounds: { guessing: { energy: 3 } },
      metrics: { energy: { kind: "mean" } },
    }),
  });
  assert.deepEqual(metricPanels(files)[0]!.options.levels, [{ label: "guessing", value: 3 }]);
});
