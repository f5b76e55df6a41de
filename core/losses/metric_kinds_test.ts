/** Metrics of every kind against their definitions, from sums of values of steps. */
import assert from "node:assert/strict";
import { square, sub, sum } from "../program/language.ts";
import { onEveryBackend } from "../testing/on_every_backend.ts";
import { fromSums } from "../training/sums.ts";
import { defineLoss } from "./define_loss.ts";
import { rangeOf } from "./loss_metric.ts";
import { metricFacts } from "./metric_facts.ts";
import * as metric from "./metric_kinds.ts";
import { judgeCases, near } from "./testing/judge_cases.ts";

const loss = defineLoss({
  name: "all-kinds",
  inputs: { target: [2], hit: [] },
  step({ output, targets: { target, hit } }) {
    const error = sub(output, target);
    return { loss: sum(square(error)), sums: { error, output, target, hit, cost: square(hit) } };
  },
  metrics: {
    mean: metric.mean("error"),
    share: metric.share("hit"),
    hits: metric.count("hit", { unit: "hits" }),
    cost_of_hits: metric.ratio("cost", "hit"),
    rms: metric.rootMeanSquare("error"),
    correlation: metric.correlation("output", "target"),
    log_hits: metric.computed(["hit", "steps"], (hits, steps) => Math.log(hits / steps)),
  },
});

onEveryBackend("metrics: every kind is what it is by definition", async (backend) => {
  const output = [[1, 2], [3, -1], [0.5, 4], [-2, 0], [7, 7]];
  const target = [[0, 2], [2, 1], [1, 3], [-1, -1], [9, 9]];
  const hit = [1, 0, 1, 1, 1];
  const weight = [1, 1, 2, 1, 0];
  const { metrics } = await judgeCases(backend, loss, { output, target, hit, weight });
  const judged = [0, 1, 2, 3];
  const [x, y] = [output, target].map((rows) => judged.flatMap((row) => rows[row]!));
  const errors = x!.map((value, index) => value - y![index]!);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
  const [mx, my] = [mean(x!), mean(y!)];
  const covariance = (a: readonly number[], b: readonly number[], ma: number, mb: number) =>
    mean(a.map((value, index) => (value - ma) * (b[index]! - mb)));
  const expected = {
    mean: mean(errors),
    share: 3 / 4,
    hits: 3 / 5,
    cost_of_hits: 1,
    rms: Math.sqrt(mean(errors.map((error) => error ** 2))),
    correlation: covariance(x!, y!, mx, my) /
      Math.sqrt(covariance(x!, x!, mx, mx) * covariance(y!, y!, my, my)),
    log_hits: Math.log(3 / 4),
    loss: 2 * mean(errors.map((error) => error ** 2)),
  };
  for (const [name, value] of Object.entries(expected)) near(metrics[name]!, value, name);
});

Deno.test("metrics: no variance has no correlation, and rounding makes none beyond 1", () => {
  const { sums, ...rest } = metric.correlation("a", "b");
  assert.equal(sums.length, 6);
  const of = (values: number[]) => fromSums({ sums, ...rest }, values);
  assert.ok(Number.isNaN(of([3, 3, 3, 3, 3, 3])));
  assert.equal(of([0, 0, 1, 1, 1 + 1e-7, 2]), 1);
});

Deno.test("metrics: a kind says where its values lie and what is better, and an author overrules it", () => {
  const facts = (name: string) => metricFacts(loss, name);
  assert.deepEqual(facts("share"), { kind: "share", better: "more" });
  assert.deepEqual(facts("hits"), { kind: "count", unit: "hits" });
  assert.deepEqual(rangeOf(facts("share")), { low: 0, high: 1 });
  assert.deepEqual(rangeOf(facts("correlation")), { low: -1, high: 1 });
  assert.deepEqual(rangeOf(facts("rms")), { low: 0 });
  assert.deepEqual(rangeOf(facts("mean")), {});
  const own = metric.share("hit", { range: { low: 0.5 }, better: "less" });
  assert.deepEqual([own.better, rangeOf(own)], ["less", { low: 0.5 }]);
});
