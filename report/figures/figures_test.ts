import assert from "node:assert/strict";
import { parseRunFiles } from "../run_files.ts";
import { sampleRun } from "../testing/sample_run.ts";
import { accuracyCurves, drawAccuracyCurves } from "./accuracy_curves.ts";
import { drawLearningCurve, learningCurve } from "./learning_curve.ts";
import { curveFigures, mapFigures } from "./mod.ts";
import { drawPlasticityNorms, plasticityNorms } from "./plasticity_norms.ts";
import { drawScoreCurve, scoreCurve } from "./score_curve.ts";

const metrics = [
  '{"iteration":1,"train/loss":2,"train/recall_accuracy":0.2,"train/top2_accuracy":0.5}',
  '{"iteration":2,"train/loss":"NaN","eval/loss":1.5,"plastic/weight_norm_low":4}',
].join("\n");
const figures = '{"bounds":{"chance":0.17,"best_loss":0.46}}';
const files = parseRunFiles({ config: "{}", metrics, figures });
const sample = parseRunFiles(sampleRun({ replicas: 3 }));

Deno.test("learningCurve reads both losses and the best possible one", () => {
  const { train, heldOut, bestLoss } = learningCurve(files);
  assert.deepEqual(train?.mean, [2, NaN]);
  assert.deepEqual([heldOut?.rows, heldOut?.mean], [[1], [1.5]]);
  assert.equal(bestLoss, 0.46);
});

Deno.test("drawLearningCurve draws a gap for NaN, a point for one value and a dashed level", () => {
  const { traces, layout } = drawLearningCurve(learningCurve(files));
  assert.deepEqual(traces.map(({ plotly }) => [plotly.mode, plotly.y]), [
    ["lines", [2, null]],
    ["markers", [1.5]],
  ]);
  const [level] = layout.shapes as [{ y0: number; name: string; line: { dash: string } }];
  assert.deepEqual([level.y0, level.name, level.line.dash], [0.46, "best possible 0.46", "dash"]);
});

Deno.test("scoreCurve reads both splits and chance", () => {
  const { train, heldOut, chance } = scoreCurve(files);
  assert.deepEqual([train?.mean, heldOut, chance], [[0.2], undefined, 0.17]);
  assert.equal(drawScoreCurve(scoreCurve(sample)).traces.length, 2 * (3 + 1));
});

Deno.test("accuracyCurves keeps the accuracies that were logged", () => {
  assert.deepEqual(accuracyCurves(files, "train").map(({ label }) => label), ["within best two"]);
  assert.deepEqual(accuracyCurves(files, "eval"), []);
  assert.equal(drawAccuracyCurves("id", accuracyCurves(sample, "train")).traces.length, 3 * 4);
});

Deno.test("plasticityNorms reads both groups, drawn on a logarithmic axis", () => {
  const norms = plasticityNorms(files, "weight");
  assert.deepEqual([norms.high, norms.low?.mean], [undefined, [4]]);
  assert.deepEqual(plasticityNorms(files, "update"), { high: undefined, low: undefined });
  const { yaxis } = drawPlasticityNorms("id", norms).layout as { yaxis: { type: string } };
  assert.equal(yaxis.type, "log");
});

Deno.test("thin replicas share colour and legend entry with their mean", () => {
  const { traces } = drawLearningCurve(learningCurve(sample));
  const [thin, , , mean] = traces.map(({ plotly }) => plotly);
  assert.equal(thin?.legendgroup, mean?.legendgroup);
  assert.deepEqual(thin?.line, { color: "#3b7dd8", width: 1 });
  assert.deepEqual([thin?.showlegend, mean?.showlegend], [false, true]);
});

const ids = (files: Parameters<typeof curveFigures>[0]) =>
  [...curveFigures(files), ...mapFigures(files)].map(({ chart }) => chart.id);

Deno.test("figures without data are left out", () => {
  assert.deepEqual(ids(files), ["loss", "score", "accuracy-train", "weight-norms"]);
  assert.deepEqual(ids(parseRunFiles({ config: "{}" })), []);
  assert.deepEqual(ids(sample), [
    "loss",
    "score",
    "accuracy-train",
    "accuracy-held-out",
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
  const figures = '{"bounds":{"score":"accuracy","chance":0.67}}';
  const run = parseRunFiles({ config: "{}", metrics, figures });
  assert.deepEqual(ids(run), [
    "score",
    "levels",
    "error-rates",
    "parameter-norms",
    "parameter-values",
  ]);
});
