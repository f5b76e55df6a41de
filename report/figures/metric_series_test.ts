import assert from "node:assert/strict";
import { crossEntropyOfRecall } from "../../core/losses/cross_entropy_of_recall.ts";
import { metricFacts } from "../../core/losses/metric_facts.ts";
import { parseRunFiles } from "../run_files.ts";
import { metricPanels } from "./metric_groups.ts";
import { seriesFigures } from "./metric_series.ts";

const loss = crossEntropyOfRecall({ lags: { least: 0, most: 9 } });
const facts = Object.fromEntries(
  Object.keys(loss.metrics).map((name) => [name, metricFacts(loss, name)]),
);
const labels = ["0", "1", "2", "3 to 4", "5 to 8", "9"];
const names = labels.map((label) => `recall_lag_${label.replaceAll(" ", "_")}`);

const filesOf = (row: object, config: object = {}) =>
  parseRunFiles({
    config: JSON.stringify(config),
    metrics: JSON.stringify({ iteration: 1, ...row }),
    figures: JSON.stringify({ bounds: { score: "recall_accuracy" }, metrics: facts }),
  });
const rowOf = (split: string, values: readonly unknown[]) =>
  Object.fromEntries(names.map((name, at) => [`${split}/${name}`, values[at]]));
const drawn = (files: Parameters<typeof seriesFigures>[0]) =>
  seriesFigures(files).map(({ chart: { traces }, title, caption }) => ({
    ...{ title, caption },
    traces: traces.map(({ plotly: { name, x, y } }) => ({ name, x, y })),
  }));

Deno.test("recall by lag is one figure, of the most telling sequences, and no curves", () => {
  const held = [1, 0.9, 0.8, 0.7, 0.6, "NaN"];
  const row = { ...rowOf("train", [0, 0, 0, 0, 0, 0]), ...rowOf("eval", held), "eval/accuracy": 1 };
  const files = filesOf(row);
  assert.deepEqual(drawn(files), [{
    title: "Recall by lag",
    caption: "At the end, on held-out sequences.",
    traces: [{ name: "mean", x: labels, y: [1, 0.9, 0.8, 0.7, 0.6, null] }],
  }]);
  assert.deepEqual(metricPanels(files).map(({ title }) => title), ["Accuracy"]);
});

Deno.test("several replicas are thin lines with their mean; a sweep has one for each point", () => {
  const pairs = names.map((_, at) => [at / 10, at / 10 + 0.2]);
  const training = { seeds: [4, 5], sweep: {} };
  const [several] = drawn(filesOf(rowOf("eval", pairs), { training }));
  assert.deepEqual(several!.traces.map(({ name }) => name), ["seed 4", "seed 5", "mean"]);
  assert.deepEqual(several!.traces[0]!.y, pairs.map(([first]) => first));
  const sweep = { seeds: [4], sweep: { "model.hidden_size": [8, 16] } };
  const [swept] = drawn(filesOf(rowOf("eval", pairs), { training: sweep }));
  assert.deepEqual(swept!.traces.map(({ name }) => name), ["hidden size 8", "hidden size 16"]);
  assert.deepEqual(swept!.traces[1]!.y, pairs.map(([, second]) => second));
});

Deno.test("a run without values of a row draws none, and one metric is no row", () => {
  assert.deepEqual(drawn(filesOf({ "eval/accuracy": 1 })), []);
  const single = { recall_lag_1: facts["recall_lag_1"] };
  const files = parseRunFiles({
    config: "{}",
    metrics: JSON.stringify({ iteration: 1, "eval/recall_lag_1": 0.5 }),
    figures: JSON.stringify({ bounds: { score: "recall_accuracy" }, metrics: single }),
  });
  assert.deepEqual(drawn(files), []);
  assert.deepEqual(metricPanels(files).map(({ title }) => title), ["Recall lag 1"]);
});
