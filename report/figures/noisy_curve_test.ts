import assert from "node:assert/strict";
import { parseRunFiles } from "../run_files.ts";
import { noisyCurve, noisyPanels, smooth } from "./noisy_curve.ts";
import { curveFigures } from "./mod.ts";
import { drawPanel } from "./panel.ts";

Deno.test("smooth: a centred mean that narrows at the ends and leaves out what is not finite", () => {
  assert.deepEqual(smooth([0, 3, 6, 9, 0], 3), [0, 3, 6, 5, 0]);
  assert.deepEqual(smooth([1, NaN, 3], 3), [1, 2, 3]);
  assert.deepEqual(smooth([4, 8], 1), [4, 8]);
  assert.deepEqual(smooth([], 3), []);
});

const metrics = Array.from({ length: 100 }, (_, index) =>
  JSON.stringify({
    iteration: index + 1,
    "train/loss": 1,
    "train/error": [index, index + 2],
    "train/wrong_erased": 0.5,
    "train/large_errors": 1,
  })).join("\n");
const bounds = { guessing: { error: 14 } };
const share = { kind: "share", better: "less" };
const facts = {
  loss: { kind: "mean" },
  error: { kind: "mean", isNoisy: true, unit: "bits off", summary: "How far the pattern is off." },
  wrong_erased: share,
  large_errors: share,
};
const files = parseRunFiles({
  config: "{}",
  metrics,
  figures: JSON.stringify({ metrics: facts, bounds }),
});

Deno.test("noisyCurve: the error of every replica, the smoothed mean and the error of guessing", () => {
  const { training, smoothed } = noisyCurve(files, "error");
  assert.deepEqual(training?.replicas.map((values) => values[7]), [7, 9]);
  assert.deepEqual([smoothed?.replicas.length, smoothed?.mean[7]], [1, 8]);
  const { traces, layout } = drawPanel(noisyPanels(files)[0]!).chart;
  assert.equal(traces.length, 3 + 1);
  const [level] = layout.shapes as [{ y0: number; name: string }];
  assert.deepEqual([level.y0, level.name], [14, "guessing 14"]);
});

Deno.test("a run on patterns shows its errors in the words of its loss", () => {
  const figures = curveFigures(files);
  assert.deepEqual(figures.map(({ chart }) => chart.id), ["loss", "noisy-0", "metrics-0"]);
  const title = (index: number) =>
    (figures[index]!.chart.layout["yaxis"] as { title: { text: string } }).title.text;
  assert.deepEqual([title(0), title(1)], ["loss", "error (bits off)"]);
  assert.equal(figures[1]!.caption, "How far the pattern is off.");
  const others = parseRunFiles({ config: "{}", metrics: '{"iteration":1,"train/loss":1}' });
  assert.deepEqual(curveFigures(others).map(({ chart }) => chart.id), ["loss"]);
  assert.deepEqual(noisyPanels(others), []);
});

Deno.test("a metric called error that nobody calls noisy is drawn as any other, held out too", () => {
  const row = { iteration: 1, "train/loss": 1, "train/error": 0.5, "eval/error": 0.25 };
  const plain = parseRunFiles({
    config: JSON.stringify({ task: { pattern_size: 28, degraded: 0.5 } }),
    metrics: JSON.stringify(row),
    figures: JSON.stringify({ metrics: { error: { kind: "share" } } }),
  });
  const [, figure] = curveFigures(plain);
  assert.deepEqual(
    figure!.chart.traces.map(({ plotly }) => plotly["name"]),
    ["error", "error, held out"],
  );
  assert.deepEqual(figure!.chart.layout["shapes"], []);
});
