import assert from "node:assert/strict";
import { log, mul, square, sub, sum } from "../program/language.ts";
import type { Value } from "../program/elementwise.ts";
import { optional } from "../program/input.ts";
import { onEveryBackend } from "../testing/on_every_backend.ts";
import { referenceBackend } from "../backends/reference/reference.ts";
import { defineLoss } from "./define_loss.ts";
import { metricFacts } from "./metric_facts.ts";
import * as metric from "./metric_kinds.ts";
import { judgeCases, near } from "./testing/judge_cases.ts";

const plain = defineLoss({
  name: "plain",
  unit: "mV²",
  inputs: { target: [] },
  step: ({ output, targets: { target } }) => ({ loss: square(sub(output, target)) }),
});

onEveryBackend("defineLoss: weighs steps, and counts each judged one once", async (backend) => {
  const columns = { output: [1, 3, 5], target: [0, 1, 1], weight: [1, 0.5, 0] };
  const { loss, weight, slope, metrics } = await judgeCases(backend, plain, columns);
  assert.deepEqual(loss, [1, 2, 0]);
  assert.deepEqual(weight, [1, 1, 0]);
  assert.deepEqual(slope.flat(), [2, 2, 0]);
  near(metrics["loss"]!, 2.5, "mean loss of a judged step, whatever it weighs");
});

onEveryBackend("defineLoss: a step of weight 0 may be anything", async (backend) => {
  const logs = defineLoss({
    name: "logs",
    inputs: { target: [2] },
    step: ({ output, targets: { target } }) => ({
      loss: sum(mul(target, log(output))),
      sums: { output },
    }),
    metrics: { output: metric.mean("output"), rms: metric.rootMeanSquare("output") },
  });
  const bad = [NaN, Infinity, -Infinity, -1];
  const found = await judgeCases(backend, logs, {
    output: [...bad.map((x) => [x, 1]), [1, 1]],
    target: [...bad.map((x) => [x, 0]), [1, 1]],
    weight: [0, 0, 0, 0, 1],
  });
  assert.deepEqual(found.loss, [0, 0, 0, 0, 0]);
  assert.deepEqual(found.slope, [[0, 0], [0, 0], [0, 0], [0, 0], [1, 1]]);
  assert.deepEqual(found.metrics, { loss: 0, output: 1, rms: 1 });
});

Deno.test("defineLoss: inputs, loss metric and unit come by themselves; an author may name the weight", () => {
  assert.deepEqual(plain.inputs, { weight: optional([]), target: [] });
  assert.deepEqual(metricFacts(plain, "loss"), {
    ...{ kind: "mean", better: "less", unit: "mV²" },
    summary: "Mean loss of a judged step.",
  });
  const masked = defineLoss({
    name: "masked",
    inputs: { target: [] },
    weighedBy: "mask",
    step: ({ output }) => ({ loss: output }),
  });
  assert.deepEqual(Object.keys(masked.inputs), ["mask", "target"]);
});

onEveryBackend(
  "defineLoss: a weight of the author is a factor, or takes the place of the task's",
  async (backend) => {
    const own = (inputs: Record<string, []>) =>
      defineLoss({
        name: "own",
        inputs: { target: [], ...inputs },
        step: ({ output, targets: { target } }) => ({ loss: output, weight: target }),
      });
    const columns = { output: [8, 8], target: [0.5, 0], weight: [0.5, 0.5] };
    assert.deepEqual((await judgeCases(backend, own({}), columns)).loss, [2, 0]);
    assert.deepEqual((await judgeCases(backend, own({ weight: [] }), columns)).loss, [4, 0]);
  },
);

Deno.test("defineLoss: a loss that is no scalar, and a metric of nothing, are one line", async () => {
  const columns = { output: [[1, 2]], target: [0], weight: [1] };
  const vector = defineLoss({
    name: "vector",
    inputs: { target: [] },
    step: ({ output }) => ({ loss: square(output) }),
  });
  const backend = referenceBackend();
  await assert.rejects(judgeCases(backend, vector, columns), {
    name: "CodeError",
    message: "Loss vector: expected a scalar loss of a step, got a vector(2); take its sum or mean",
  });
  const misspelt = defineLoss({
    name: "misspelt",
    inputs: { target: [] },
    step: ({ output }) => ({ loss: sum(output), sums: { correct: sum(output) } }),
    metrics: { accuracy: metric.share("corect") },
  });
  await assert.rejects(judgeCases(backend, misspelt, columns), {
    name: "CodeError",
    message:
      'Loss misspelt: a metric is made of "corect" (did you mean correct?); the step gives steps, correct, loss',
  });
});

Deno.test("defineLoss: a sum that is no traced value is one line", async () => {
  const loss = defineLoss({
    name: "numbers",
    inputs: { target: [] },
    step: ({ output }) => ({ loss: sum(output), sums: { x: 3 as unknown as Value } }),
    metrics: { x: metric.mean("x") },
  });
  const columns = { output: [1], target: [0], weight: [1] };
  await assert.rejects(judgeCases(referenceBackend(), loss, columns), {
    name: "CodeError",
    message: 'Loss numbers: expected a traced value as sum "x" of a step, got 3',
  });
});

const facts = { name: "typed" };
// @ts-expect-error a misspelt option of a metric
metric.mean("loss", { unt: "nats" });
defineLoss({
  ...{ ...facts, inputs: { target: [] } },
  // @ts-expect-error an input that is not declared
  step: ({ targets: { tarjet } }) => ({ loss: tarjet }),
});
defineLoss({
  ...{ ...facts, inputs: {}, reads: { state: ["h"] } },
  // @ts-expect-error a state that is not declared as read
  step: ({ state: { y } }) => ({ loss: y }),
});
const twoMetrics = defineLoss({
  ...{ ...facts, inputs: {} },
  step: ({ output }) => ({ loss: output }),
  metrics: { size: metric.mean("loss") },
});
twoMetrics.metrics.size;
// @ts-expect-error a metric that is not declared, as a score would be
twoMetrics.metrics.sise;
