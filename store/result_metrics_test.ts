import assert from "node:assert/strict";
import type { Metrics } from "../core/training/sums.ts";
import { resolveConfig } from "../config/resolve_config.ts";
import type { TrainResult } from "../core/training/train_options.ts";
import type { Task } from "../core/training/task.ts";
import { continualScene } from "../tasks/continual_scene.ts";
import { resultLines } from "./result_lines.ts";

const linesOf = (task: Task, metrics: Metrics, { values = [0] }: { values?: number[] } = {}) => {
  const result = { endReason: "completed", iterations: 1, sequences: 1, seconds: 1, metrics };
  const replicas = values.map((value, point) => ({
    seed: 1,
    point,
    label: `rate ${value}`,
    settings: values.length > 1 ? { rate: value } : {},
  }));
  return resultLines(
    { ...result, testCounts: {}, testEstimates: {}, divergences: [] } as unknown as TrainResult,
    { tasks: values.map(() => task), replicas, config: resolveConfig([]).config },
  );
};

Deno.test("result: levels that nothing verified are said to need `evaluate`; verified ones and none are not", () => {
  const about = (task: Task, passed: number) => {
    const lines = linesOf(task, { "curriculum/passed": [passed] });
    const at = lines.findIndex((line) => line.startsWith("passed: "));
    return lines[at + 1] ?? "";
  };
  const plain = continualScene.build({});
  assert.match(
    about(plain, 3),
    /by 5 good batches of training in a row, which can be luck: `evaluate`/,
  );
  assert.equal(about(plain, 0), "");
  assert.equal(about(continualScene.build({ verify_scenes: 20_000 }), 3), "");
});

Deno.test("result: a sweep is not averaged over its points, and each number has its unit", () => {
  const lines = linesOf(continualScene.build({ curriculum: false }), {
    "test/loss": [0.5, 0.25],
    "test/accuracy": [0.75, 0.5],
  }, { values: [1, 2] });
  assert.ok(
    lines.includes(
      "test/loss: best 0.2500 nats at rate 2, 0.2500 nats to 0.5000 nats over the sweep (best possible 0)",
    ),
  );
  assert.match(
    lines.join("\n"),
    /^test\/accuracy: best 0\.7500 at rate 1, 0\.5000 to 0\.7500 over the sweep \(chance /m,
  );
  assert.doesNotMatch(lines.join("\n"), /mean/);
});

Deno.test("result: no level is none, one sequence is one, and a replica without a number diverged", () => {
  const task = continualScene.build({});
  const text = linesOf(task, { "curriculum/passed": [0], "test/loss": [NaN] }).join("\n");
  assert.match(text, /\(1 sequence\) in/);
  assert.match(text, /^passed: none \(of R = 1 to 100\)$/m);
  assert.match(text, /^test\/loss: diverged/m);
  const two = linesOf(task, { "curriculum/passed": [0, 2], "test/loss": [NaN, 0.5] }, {
    values: [1, 2],
  }).join("\n");
  assert.match(two, /^passed: none \(rate 1\), R = 2 \(rate 2\) \(of R = 1 to 100\)$/m);
  assert.match(two, /^test\/loss: 0\.5000 nats, the others diverged/m);
});

Deno.test("result: a score of nothing is none where the loss is a number", () => {
  const task = { ...continualScene.build({ curriculum: false }), score: "false_negative_rate" };
  const row = (loss: number) => ({ "eval/false_negative_rate": [NaN], "eval/loss": [loss] });
  assert.ok(linesOf(task, row(0.5)).includes("eval/false_negative_rate: none"));
  assert.ok(!linesOf(task, row(NaN)).includes("eval/false_negative_rate: none"));
});

Deno.test("result: without fresh and held-out sequences the score is that of training", () => {
  const lines = linesOf(continualScene.build({ curriculum: false }), {
    "train/accuracy": [0.75],
    "train/loss": [0.5],
  });
  assert.match(lines.join("\n"), /^train\/accuracy: 0\.7500 \(chance 0\.\d{4}\)$/m);
});
