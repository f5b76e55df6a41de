import assert from "node:assert/strict";
import { parseRunFiles } from "../run_files.ts";
import { renderReport } from "../render_report.ts";
import { isLogarithmic } from "./is_logarithmic.ts";
import { drawSweepCurve, sweepCurve, sweepMetrics, sweepTable } from "./sweep_table.ts";
import { lossPanel } from "./learning_curve.ts";
import { drawPanel } from "./panel.ts";
import { noisyCurve } from "./noisy_curve.ts";

const filesOf = (sweep: object, row: object = {}) =>
  parseRunFiles({
    config: JSON.stringify({ training: { seeds: [1, 2], sweep } }),
    metrics: [1, 2].map((line) =>
      JSON.stringify({
        iteration: line,
        "train/loss": [1, 3, 5, 7].map((loss) => loss / line),
        "train/error": [8, 6, 4, 2],
        "eval/kept": [0, 1, 0.5, 0.5],
        "goal/reached": [1, 0, 0, 0],
        "goal/updates": [30, 0, 0, 0],
        ...row,
      })
    ).join("\n"),
    figures: JSON.stringify({
      bounds: { score: "kept" },
      metrics: { kept: { kind: "share" }, loss: { kind: "mean", unit: "nats", better: "less" } },
    }),
  });

const swept = filesOf({ "task.memories": [10, 5] });

Deno.test("sweep: a row a point, with the mean and the range of its seeds", () => {
  const metrics = sweepMetrics(swept);
  assert.deepEqual(sweepTable(swept, metrics), {
    columns: [
      "Sweep: mean (lowest to highest seed)",
      "Kept on held-out sequences",
      "Loss on training sequences (nats)",
      "Share of seeds that reached the goal",
      "Updates until the goal",
    ],
    rows: [
      ["memories 10", "0.5 (0 to 1)", "1 (0.5 to 1.5)", "0.5", "30 (30 to 30)"],
      ["memories 5", "0.5 (0.5 to 0.5)", "3 (2.5 to 3.5)", "0", "–"],
    ],
  });
  assert.deepEqual(sweepMetrics(filesOf({})), []);
});

Deno.test("sweep: the score over the swept value, in order, where it is one number", () => {
  const curve = sweepCurve(swept, sweepMetrics(swept))!;
  assert.deepEqual([curve.name, curve.x, curve.metric.key], ["memories", [10, 5], "eval/kept"]);
  const [points, mean] = drawSweepCurve(curve).traces;
  assert.deepEqual(points!.plotly.x, [5, 5, 10, 10]);
  assert.deepEqual(points!.plotly.y, [0.5, 0.5, 0, 1]);
  assert.deepEqual([mean!.plotly.x, mean!.plotly.y], [[5, 10], [0.5, 0.5]]);
  for (const sweep of [{ "task.cue": ["input", "state"] }, { "task.a": [1, 2], "task.b": [1] }]) {
    const files = filesOf(sweep);
    assert.equal(sweepCurve(files, sweepMetrics(files)), undefined);
  }
});

Deno.test("sweep: curves have a colour and a legend entry a point, thin lines the label", () => {
  const { traces } = drawPanel(lossPanel(swept)).chart;
  const facts = traces.map(({ plotly }) => {
    const { name, showlegend, line } = plotly as {
      name: string;
      showlegend: boolean;
      line: { color: string };
    };
    return [name, showlegend, line.color];
  });
  const [first, second] = [facts[0]![2], facts[3]![2]];
  assert.notEqual(first, second);
  assert.deepEqual(facts, [
    ["memories 10, seed 1", false, first],
    ["memories 10, seed 2", false, first],
    ["memories 10", true, first],
    ["memories 5, seed 1", false, second],
    ["memories 5, seed 2", false, second],
    ["memories 5", true, second],
  ]);
  assert.deepEqual(traces[2]!.plotly.y, [2, 1]);
  const two = drawPanel(lossPanel(filesOf({ "task.memories": [10, 5] }, {
    "eval/loss": [1, 2, 3, 4],
  })));
  const thick = two.chart.traces.map(({ plotly }) =>
    plotly as { name: string; showlegend: boolean; line: { dash: string; width: number } }
  ).filter(({ line }) => line.width === 2);
  assert.deepEqual(thick.map(({ name, line, showlegend }) => [name, line.dash, showlegend]), [
    ["memories 10", "solid", true],
    ["memories 5", "solid", true],
    ["memories 10", "dot", false],
    ["memories 5", "dot", false],
  ]);
  assert.equal(two.caption, "Solid: training; dotted: held out.");
});

Deno.test("sweep: values over orders of magnitude have a logarithmic axis, steps a linear one", () => {
  for (const values of [[1e-4, 1e-3, 1e-2], [0.003, 0.1], [0.001, 0.002, 0.004, 0.008]]) {
    assert.ok(isLogarithmic(values), String(values));
  }
  for (
    const values of [[5, 10, 15, 20], [1, 2], [10, 20, 30, 40, 50, 60], [0, 1, 1000], [-1, 1]]
  ) {
    assert.ok(!isLogarithmic(values), String(values));
  }
  const files = filesOf({ "updater.learning_rate": [1e-4, 1e-2] });
  const { layout } = drawSweepCurve(sweepCurve(files, sweepMetrics(files))!);
  const { type, ticktext } = layout["xaxis"] as { type: string; ticktext: string[] };
  assert.deepEqual([type, ticktext], ["log", ["0.0001", "0.01"]]);
  const { range, title } = layout["yaxis"] as { range: number[]; title: { text: string } };
  assert.deepEqual([range, title.text], [[-0.03, 1.03], "kept"]);
});

Deno.test("sweep: a smoothed curve is one a point", () => {
  const { smoothed } = noisyCurve(swept, "error");
  assert.deepEqual(smoothed?.replicas, [[7, 7], [3, 3]]);
  assert.deepEqual(smoothed?.sweep?.points.map(({ replicas }) => replicas), [[0], [1]]);
});

Deno.test("sweep: metrics of another number of replicas are drawn without names", () => {
  const { curve } = lossPanel(filesOf({ "task.memories": [10] })).lines[0]!;
  assert.equal(curve.sweep, undefined);
});

Deno.test("sweep: the report has its section; a run without one has none", async () => {
  const page = await renderReport(swept);
  assert.match(page, /<h2>Sweep<\/h2>/);
  assert.match(page, />memories 10</);
  assert.match(page, /One colour a point of the sweep/);
  assert.doesNotMatch(await renderReport(filesOf({})), /<h2>Sweep<\/h2>/);
});
