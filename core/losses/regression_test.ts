/** Losses of outputs that follow targets, against closed forms. */
import assert from "node:assert/strict";
import type { Shape } from "../axes.ts";
import { onEveryBackend } from "../testing/on_every_backend.ts";
import type { Loss } from "./loss.ts";
import { metricFacts } from "./metric_facts.ts";
import { huberLoss, meanAbsoluteError, squaredError } from "./regression.ts";
import { judgeCases, near } from "./testing/judge_cases.ts";

const sign = Math.sign;
const delta = 0.5;

/** Each with its penalty of an error, and the slope of that. */
const losses: readonly {
  of: (shape: Shape) => Loss;
  penalty: (error: number) => number;
  slope: (error: number) => number;
}[] = [
  { of: squaredError, penalty: (e) => e ** 2, slope: (e) => 2 * e },
  { of: meanAbsoluteError, penalty: Math.abs, slope: sign },
  {
    of: (shape) => huberLoss(shape, { delta }),
    penalty: (e) => Math.abs(e) <= delta ? e ** 2 / 2 : delta * (Math.abs(e) - delta / 2),
    slope: (e) => Math.abs(e) <= delta ? e : delta * sign(e),
  },
];

const outputs = [[1, 2, 0.25], [-3, 0.5, 1], [0.1, 0.2, -0.3]];
const targets = [[0.75, 4, 0.5], [-3.25, 0, 3], [1, 1, 1]];
const weight = [1, 2, 0];

for (const { of, penalty, slope } of losses) {
  const { name } = of([]);
  onEveryBackend(`${name}: loss and slope of a vector, by element`, async (backend) => {
    const found = await judgeCases(backend, of([3]), { output: outputs, target: targets, weight });
    for (const [row, step] of found.loss.entries()) {
      const errors = outputs[row]!.map((output, index) => output - targets[row]![index]!);
      const mean = errors.map(penalty).reduce((a, b) => a + b) / 3;
      near(step, weight[row]! * mean, `loss of step ${row}`);
      errors.forEach((error, index) =>
        near(found.slope[row]![index]!, weight[row]! * slope(error) / 3, `slope ${row}, ${index}`)
      );
    }
    const errors = [0, 1].flatMap((row) => outputs[row]!.map((x, i) => x - targets[row]![i]!));
    const mean = (of: (error: number) => number) => errors.map(of).reduce((a, b) => a + b) / 6;
    near(found.metrics["loss"]!, mean(penalty), "mean of the judged steps");
    near(found.metrics["rms_error"]!, Math.sqrt(mean((e) => e ** 2)), "root mean square");
    near(found.metrics["absolute_error"]!, mean(Math.abs), "absolute error");
  });

  onEveryBackend(`${name}: a scalar is a vector of one`, async (backend) => {
    const scalar = { output: [1, -3], target: [0.75, -4], weight: [1, 1] };
    const vector = { output: [[1], [-3]], target: [[0.75], [-4]], weight: [1, 1] };
    const [one, other] = [
      await judgeCases(backend, of([]), scalar),
      await judgeCases(backend, of([1]), vector),
    ];
    assert.deepEqual(one.loss, other.loss);
    assert.deepEqual(one.metrics, other.metrics);
  });
}

Deno.test("regression: units follow that of the targets, or there are none", () => {
  const unitsOf = (loss: Loss) =>
    Object.keys(loss.metrics).map((name) => metricFacts(loss, name).unit);
  assert.deepEqual(unitsOf(squaredError([2], { unit: "mV" })), ["mV²", "mV", "mV", undefined]);
  assert.deepEqual(unitsOf(huberLoss([], { unit: "mV" })), ["mV²", "mV", "mV", undefined]);
  assert.deepEqual(unitsOf(meanAbsoluteError([], { unit: "s" })), ["s", "s", "s", undefined]);
  assert.ok(unitsOf(squaredError()).every((unit) => unit === undefined));
});
