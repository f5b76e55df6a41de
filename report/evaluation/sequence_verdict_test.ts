/** What an evaluation on sequences says of metrics of any kind. */
import assert from "node:assert/strict";
import type { SequenceEvaluation } from "../../analysis/evaluate/evaluation.ts";
import { drawEvaluation } from "./draw_evaluation.ts";
import { sequenceFigures } from "./sequence_figures.ts";
import { sequenceVerdict } from "./sequence_verdict.ts";
import { textTable } from "./text_table.ts";

const network = (label: string, force: number | null) => ({
  seed: 1,
  label,
  loss: 2.5,
  means: { force },
  proportions: {},
  intervals: { loss: { low: 2, high: 3 }, ...force ? { force: { low: 1, high: 12_345.6 } } : {} },
});

/** A regression: its score is an amount, of which less is better. */
const regression: SequenceEvaluation = {
  kind: "sequences",
  ...{ run: "r", task: "pull", model: "arm", updater: "bptt", device: "cpu" },
  updates: 1,
  sequences: 10,
  score: "force",
  metrics: {
    force: { kind: "mean", unit: "mN", better: "less", summary: "Force that is missing." },
    loss: { kind: "mean", unit: "mN²", better: "less" },
  },
  chance: 1,
  best_loss: null,
  networks: [network("seed 1", 1234.56)],
};

Deno.test("a score that is an amount has its unit and interval, no chance, and a figure", async () => {
  assert.equal(
    sequenceVerdict(regression),
    "After 1 update: force 1235 [1, 12346] mN.",
  );
  const figures = sequenceFigures(regression);
  assert.deepEqual(figures.map(({ title, caption }) => [title, caption]), [[
    "Force on fresh sequences",
    "Force that is missing. Bars: 95 % intervals over the sequences.",
  ]]);
  assert.deepEqual(figures[0]!.chart.layout["yaxis"], { title: { text: "force (mN)" } });
  const html = await drawEvaluation(regression);
  assert.match(html, />force \(mN\)<\/th><td>1<\/td><td>1235 \[1, 12346\]<\/td>/);
  assert.match(html, />loss \(mN²\)<\/th><td>1<\/td><td>2.5 \[2, 3\]<\/td>/);
  assert.match(textTable(regression).join("\n"), /^force \(mN\) +1235 \[1, 12346\]$/m);
});

Deno.test("the networks of a sweep are not averaged: best and worst, in the direction of the score", () => {
  const networks = [
    network("rate 0.1, seed 1", 7),
    network("rate 0.2, seed 1", 3),
    network("rate 9, seed 1", null),
  ];
  assert.equal(
    sequenceVerdict({ ...regression, networks }),
    "After 1 update: force best 3 mN (rate 0.2, seed 1), worst 7 mN (rate 0.1, seed 1); " +
      "1 of 3 are not finite.",
  );
});

Deno.test("a share that is the score stands first, with its interval and its chance level", () => {
  const share = { share: 0.5, count: 5, of: 10, low: 0.2, high: 0.8 };
  const shares: SequenceEvaluation = {
    ...regression,
    score: "kept",
    metrics: { kept: { kind: "share" }, held: { kind: "share" } },
    networks: [{ ...network("seed 1", 1), proportions: { held: share, kept: share } }],
  };
  assert.equal(
    sequenceVerdict(shares),
    "After 1 update: kept 0.5000 [0.2000, 0.8000]; chance 1.0000.",
  );
  const [figure, ...others] = sequenceFigures(shares);
  assert.deepEqual(others, []);
  assert.deepEqual(figure!.chart.traces[0]!.plotly["x"], ["kept", "held"]);
  const [level] = figure!.chart.layout["shapes"] as { x0: number; x1: number }[];
  assert.deepEqual([level!.x0, level!.x1], [-0.4, 0.4]);
});
