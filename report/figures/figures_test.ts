import assert from "node:assert/strict";
import { parseRunFiles } from "../run_files.ts";
import { sampleRun } from "../testing/sample_run.ts";
import type { Chart } from "./chart.ts";
import { lossPanel } from "./learning_curve.ts";
import { curveFigures, mapFigures } from "./mod.ts";
import { type CurvePanel, drawPanel } from "./panel.ts";
import { gradientPanel } from "./parameter_curves.ts";
import { plasticityPanel } from "./plasticity_norms.ts";
import { scorePanel } from "./score_curve.ts";

const metrics = [
  '{"iteration":1,"train/loss":2,"train/recall_accuracy":0.2,"train/top2_accuracy":0.5}',
  '{"iteration":2,"train/loss":"NaN","eval/loss":1.5,"plastic/weight_norm_low":4}',
].join("\n");
const figures = JSON.stringify({
  bounds: { chance: 0.17, best_loss: 0.46 },
  metrics: {
    loss: { kind: "mean", unit: "nats", better: "less", summary: "Mean loss." },
    recall_accuracy: { kind: "share", better: "more" },
    top2_accuracy: { kind: "share", better: "more" },
  },
});
const files = parseRunFiles({ config: "{}", metrics, figures });
const sample = parseRunFiles(sampleRun({ replicas: 3 }));

const draw = (panel: CurvePanel): Chart => drawPanel(panel).chart;
const yaxisOf = ({ layout }: Chart) =>
  layout["yaxis"] as {
    title: { text: string };
    type: string;
    range?: number[];
    rangemode?: string;
  };
const levelsOf = ({ layout }: Chart) =>
  layout["shapes"] as { y0: number; name: string; line: { dash: string } }[];
const means = ({ lines }: CurvePanel) => lines.map(({ label, curve }) => [label, curve.mean]);

Deno.test("loss: both splits, the best possible one, and the unit that the loss declares", () => {
  const panel = lossPanel(files);
  assert.deepEqual(means(panel), [["training", [2, NaN]], ["held out", [1.5]]]);
  assert.equal(panel.caption, "Mean loss.");
  assert.equal(panel.options.yTitle, "loss (nats)");
  const undeclared = parseRunFiles({ config: "{}", metrics, figures: "{}" });
  assert.equal(lossPanel(undeclared).options.yTitle, "loss");
});

Deno.test("a curve has a gap for NaN, a point for a value without neighbours, and a dashed level", () => {
  const chart = draw(lossPanel(files));
  assert.deepEqual(chart.traces.map(({ plotly }) => [plotly["mode"], plotly["y"]]), [
    ["lines+markers", [2, null]],
    ["lines+markers", [1.5]],
  ]);
  const [level] = levelsOf(chart);
  assert.deepEqual([level!.y0, level!.name, level!.line.dash], [
    0.46,
    "best possible 0.46",
    "dash",
  ]);
});

Deno.test("curves that coincide are told apart by their dashes", () => {
  const same = '{"iteration":1,"train/loss":1,"eval/loss":1}\n';
  const { traces } = draw(lossPanel(parseRunFiles({ config: "{}", metrics: same + same })));
  const dashes = traces.map(({ plotly }) => (plotly["line"] as { dash?: string }).dash);
  assert.deepEqual(dashes, [undefined, "dot"]);
});

Deno.test("score: a share has the axis of shares and the chance level", () => {
  assert.deepEqual(means(scorePanel(files)), [["training", [0.2]]]);
  const chart = draw(scorePanel(files));
  assert.deepEqual(yaxisOf(chart).range, [-0.03, 1.03]);
  assert.equal(levelsOf(chart)[0]!.name, "chance 0.17");
  assert.equal(draw(scorePanel(sample)).traces.length, 2 * (3 + 1));
});

Deno.test("score: that of a regression is no accuracy, has its unit and no chance", () => {
  const regression = parseRunFiles({
    config: "{}",
    metrics: '{"iteration":1,"train/distance":12}',
    figures: JSON.stringify({
      bounds: { score: "distance", chance: 1 },
      metrics: { distance: { kind: "mean", unit: "mm", better: "less", summary: "How far off." } },
    }),
  });
  const panel = scorePanel(regression);
  assert.deepEqual([panel.title, panel.caption], ["Distance", "How far off."]);
  const chart = draw(panel);
  assert.deepEqual([yaxisOf(chart).title.text, yaxisOf(chart).range], ["distance (mm)", undefined]);
  assert.deepEqual(levelsOf(chart), []);
});

Deno.test("score: where it is the loss, one figure shows it", () => {
  const run = parseRunFiles({
    config: "{}",
    metrics: '{"iteration":1,"train/loss":12}',
    figures: '{"bounds":{"score":"loss"}}',
  });
  assert.deepEqual(curveFigures(run).map(({ title }) => title), ["Loss"]);
});

Deno.test("norms: only groups with weights; no axis without ticks, no plot of zeros", () => {
  const panel = plasticityPanel(files, "weight");
  assert.deepEqual(means(panel), [["weights", [4]]]);
  // Values within one decade would have one tick or none on a logarithmic axis.
  assert.equal(yaxisOf(draw(panel)).type, "linear");
  const norms = (high: number[], low: number[]) =>
    parseRunFiles({
      config: "{}",
      metrics: high.map((value, index) =>
        JSON.stringify({
          iteration: index,
          "plastic/update_norm_high": value,
          "plastic/update_norm_low": low[index],
        })
      ).join("\n"),
    });
  assert.deepEqual(plasticityPanel(norms([0, 0], [0, 0]), "update").lines, []);
  assert.deepEqual(curveFigures(norms([0, 0], [0, 0])), []);
  const both = plasticityPanel(norms([1, 2], [200, 300]), "update");
  assert.deepEqual(both.lines.map(({ label }) => label), ["high plasticity", "low plasticity"]);
  const axis = yaxisOf(draw(both));
  assert.deepEqual([axis.type, axis.title.text], ["log", "norm, logarithmic"]);
});

Deno.test("the norm of the gradient has a figure where it was measured", () => {
  const run = parseRunFiles({ config: "{}", metrics: '{"plastic/gradient_norm":0.5}' });
  assert.deepEqual(means(gradientPanel(run)), [["slow weights", [0.5]]]);
  assert.deepEqual(curveFigures(run).map(({ title }) => title), ["Gradient norm"]);
  assert.deepEqual(gradientPanel(files).lines, []);
});

Deno.test("thin replicas share colour and legend entry with their mean", () => {
  const { traces } = draw(lossPanel(sample));
  const [thin, , , mean] = traces.map(({ plotly }) => plotly);
  assert.equal(thin?.["legendgroup"], mean?.["legendgroup"]);
  assert.deepEqual(thin?.["line"], { color: "#3b7dd8", width: 1 });
  assert.deepEqual([thin?.["showlegend"], mean?.["showlegend"]], [false, true]);
});

const ids = (files: Parameters<typeof curveFigures>[0]) =>
  [...curveFigures(files), ...mapFigures(files)].map(({ chart }) => chart.id);

Deno.test("figures without data are left out", () => {
  assert.deepEqual(ids(files), ["loss", "score", "metrics-0", "weight-norms"]);
  assert.deepEqual(ids(parseRunFiles({ config: "{}" })), []);
  assert.deepEqual(ids(sample), [
    "loss",
    "score",
    "metrics-0",
    "weight-norms",
    "update-norms",
    "matrix-0",
    "matrix-1",
    "matrix-2",
  ]);
});

Deno.test("a curriculum run shows levels, error rates and single parameters", () => {
  const metrics = [1, 2].map((passed) =>
    JSON.stringify({
      iteration: passed,
      "train/accuracy": 0.9,
      "train/false_positive_rate": 0.1,
      "plastic/norm/weight.0": 3,
      "plastic/variance/weight.0": 1,
      "plastic/lambda.0": 0.7,
      "plastic/not_finite": 0,
      "curriculum/passed": passed,
    })
  ).join("\n");
  const figures = JSON.stringify({
    bounds: { score: "accuracy", chance: 0.67 },
    levels: { symbol: "R", first: 1, streak: 5, is_verified: false },
  });
  const run = parseRunFiles({ config: "{}", metrics, figures });
  const shown = ["score", "levels", "metrics-0", "parameter-norms", "parameter-values"];
  assert.deepEqual(ids(run), shown);
  assert.equal(yaxisOf(curveFigures(run)[1]!.chart).title.text, "level R passed");
});

Deno.test("what guesses is a level at score and loss, by its name", () => {
  const known = parseRunFiles({
    config: "{}",
    figures: JSON.stringify({
      bounds: { score: "bits", guessing: { bits: 2.5, loss: 1.7 }, guessed_by: "5-gram <b>" },
    }),
  });
  const levels = (panel: CurvePanel) => panel.options.levels;
  assert.deepEqual(levels(scorePanel(known)), [{ label: "5-gram ?b?", value: 2.5 }]);
  assert.deepEqual(levels(lossPanel(known)), [{ label: "5-gram ?b?", value: 1.7 }]);
  const unnamed = parseRunFiles({
    config: "{}",
    figures: JSON.stringify({ bounds: { score: "bits", guessing: { bits: 2 } } }),
  });
  assert.deepEqual(levels(scorePanel(unnamed)), [{ label: "guessing", value: 2 }]);
  assert.deepEqual(levels(lossPanel(unnamed)), []);
});
