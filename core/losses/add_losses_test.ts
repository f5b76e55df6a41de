import assert from "node:assert/strict";
import { onEveryBackend } from "../testing/on_every_backend.ts";
import { activityPenalty } from "./activity_penalty.ts";
import { addLosses, scaled } from "./add_losses.ts";
import { binaryCrossEntropyOf } from "./binary_cross_entropy.ts";
import { crossEntropy } from "./cross_entropy.ts";
import { mul } from "../program/language.ts";
import { optional } from "../program/input.ts";
import { defineLoss } from "./define_loss.ts";
import { metricFacts } from "./metric_facts.ts";
import { meanAbsoluteError, squaredError } from "./regression.ts";
import { judgeCases, near } from "./testing/judge_cases.ts";

const both = addLosses({
  task: squaredError([2], { unit: "mV" }),
  activity: scaled(0.25, activityPenalty("h")),
});

onEveryBackend("addLosses: value, slope and metrics are those of the terms", async (backend) => {
  const columns = {
    output: [[1, 2], [3, 5], [9, 9]],
    target: [[0, 0], [3, 4], [0, 0]],
    h: [[4, 0], [2, 2], [0, 2]],
    weight: [1, 1, 0],
    in_sequence: [1, 1, 1],
  };
  const { loss, weight, slope, metrics } = await judgeCases(backend, both, columns);
  assert.deepEqual(loss, [2.5 + 2, 0.5 + 1, 0 + 0.5]);
  assert.deepEqual(weight, [1, 1, 1], "judged by any of them");
  assert.deepEqual(slope, [[1, 2], [0, 1], [0, 0]]);
  near(metrics["task_loss"]!, 1.5, "loss of the task, by its judged steps");
  near(metrics["activity_loss"]!, 3.5 / 3, "scaled penalty, by all steps");
  near(metrics["loss"]!, (3 + 3.5) / 2, "the sum, by judged steps of the first");
  near(metrics["rms_activity"]!, Math.sqrt(28 / 6), "not scaled");
});

Deno.test("addLosses: metrics keep their names, or take that of their term", () => {
  assert.deepEqual(Object.keys(both.metrics), [
    ...["loss", "task_loss", "rms_error", "absolute_error", "correlation"],
    ...["activity_loss", "rms_activity"],
  ]);
  const two = addLosses({ near: squaredError(), far: meanAbsoluteError() });
  assert.ok(["near_rms_error", "far_rms_error"].every((name) => name in two.metrics));
  assert.equal(two.name, "squared-error + absolute-error");
  // A sum of sums has two losses that are called `task_loss`.
  const { metrics } = addLosses({ task: both, more: activityPenalty("y") });
  assert.deepEqual(Object.keys(metrics).filter((name) => name.endsWith("loss")), [
    ...["loss", "task_loss", "task_task_loss", "activity_loss", "more_loss"],
  ]);
  assert.deepEqual(metrics["task_loss"]!, {
    ...{ kind: "mean", better: "less", summary: "Sum of task loss and activity loss." },
    sums: ["task/loss", "task/task/steps"],
  });
  const [a, a_b] = [addLosses({ b: crossEntropy, c: squaredError() }), squaredError()];
  assert.throws(() => addLosses({ a, b: a, a_b }), {
    name: "RangeError",
    message: 'addLosses: two metrics would be called "a_b_loss"; expected other names of terms',
  });
});

Deno.test("addLosses: the sum has a unit if all have the same; what is scaled has none", () => {
  const unitOf = (...losses: Parameters<typeof scaled>[1][]) =>
    metricFacts(addLosses({ a: losses[0]!, b: losses[1]! }), "loss").unit;
  assert.equal(unitOf(crossEntropy, binaryCrossEntropyOf([])), "nats");
  assert.equal(unitOf(crossEntropy, squaredError()), undefined);
  assert.equal(unitOf(crossEntropy, scaled(0.5, crossEntropy)), undefined);
  assert.equal(metricFacts(scaled(2, crossEntropy), "loss").unit, undefined);
  assert.equal(metricFacts(both, "task_loss").unit, "mV²");
});

Deno.test("addLosses: one input serves all terms, and has to be one", () => {
  const two = addLosses({ a: crossEntropy, b: squaredError() });
  assert.deepEqual(two.inputs["target"], { shape: [], perStep: true });
  assert.throws(() => addLosses({ a: crossEntropy, b: squaredError([2]) }), {
    name: "RangeError",
    message:
      'addLosses: the input "target" of loss squared-error is a vector(2); of another loss a scalar',
  });
  const [none, one] = [0, 1].map((missing) =>
    defineLoss({
      name: `missing-${missing}`,
      inputs: { gain: optional([], missing) },
      step: ({ output, targets: { gain } }) => ({ loss: mul(gain, output) }),
    })
  );
  assert.throws(() => addLosses({ none: none!, one: one! }), {
    message:
      'addLosses: the input "gain" of loss missing-1 is a scalar, 1 where it is left out; of another loss ' +
      "a scalar, 0 where it is left out",
  });
  assert.throws(() => addLosses({}), { message: "addLosses: expected at least one loss" });
  assert.throws(() => scaled(NaN, crossEntropy), { message: /expected a finite factor, got NaN/ });
});
