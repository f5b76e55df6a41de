/** Binary cross-entropy against closed forms, at 0 and far in both tails. */
import assert from "node:assert/strict";
import { assertRelative, evaluateCases, onEveryBackend } from "../testing/on_every_backend.ts";
import { binaryCrossEntropy, binaryCrossEntropyOf } from "./binary_cross_entropy.ts";
import { judgeCases, near } from "./testing/judge_cases.ts";

/** log(1 + e^x) and its slope. */
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoid = (x: number) => x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));

const logits = [0, 1e-3, 0.5, 1, 3, 12, 15, 30, 80].flatMap((z) => z === 0 ? [z] : [z, -z]);
const judge = binaryCrossEntropy.step;

onEveryBackend("binary cross-entropy: loss and slope over the whole range", async (backend) => {
  for (const target of [0, 1]) {
    const sign = 1 - 2 * target;
    const found = await evaluateCases(
      backend,
      { z: logits, target: logits.map(() => target), weight: logits.map(() => 0.5) },
      ({ z, ...targets }) => ({
        loss: judge({ output: z!, observed: {}, state: {}, targets }).loss,
      }),
      { of: "loss", by: ["z"] },
    );
    const exact = logits.map(Math.fround);
    const losses = exact.map((z) => 0.5 * softplus(sign * z));
    const slopes = exact.map((z) => 0.5 * sign * sigmoid(sign * z));
    assertRelative(found["loss"]!, losses, `loss of target ${target}`);
    assertRelative(found["d/z"]!, slopes, `slope of target ${target}`);
    assert.deepEqual(found["d/z"]![0], [0.5 * (0.5 - target)], "at a logit of 0");
  }
});

onEveryBackend(
  "binary cross-entropy: infinite logits, and targets between 0 and 1",
  async (backend) => {
    const cases = {
      z: [Infinity, Infinity, -Infinity, -Infinity, 2, -2, 40],
      target: [1, 0, 0, 1, 0.25, 0.75, 0.75],
      weight: [1, 1, 1, 1, 1, 1, 1],
    };
    const found = await evaluateCases(backend, cases, ({ z, ...targets }) => ({
      loss: judge({ output: z!, observed: {}, state: {}, targets }).loss,
    }), { of: "loss", by: ["z"] });
    const soft = [4, 5, 6].map((i) => softplus(cases.z[i]!) - cases.target[i]! * cases.z[i]!);
    assertRelative(found["loss"]!, [0, Infinity, 0, Infinity, ...soft], "loss");
    const slopes = cases.z.map((z, i) => sigmoid(z) - cases.target[i]!);
    slopes[1] = 1;
    slopes[2] = 0;
    slopes[3] = -1;
    assertRelative(found["d/z"]!, slopes, "slope");
  },
);

onEveryBackend("binary cross-entropy: counts, where NaN is a wrong answer", async (backend) => {
  const cases = {
    z: [0, 3, -1, 2, -2, NaN, NaN],
    target: [1, 1, 1, 0, 0, 0, 1],
    weight: [1, 1, 1, 1, 1, 1, 1],
  };
  const { correct, missed, falseAlarms } = await evaluateCases(backend, cases, (x) => {
    const { z, ...targets } = x;
    const { loss, sums } = judge({ output: z!, observed: {}, state: {}, targets });
    return { ...sums, total: loss };
  }, { of: "total", by: ["z"] });
  assert.deepEqual(correct!.flat(), [1, 1, 0, 0, 1, 0, 0]);
  assert.deepEqual(missed!.flat(), [0, 0, 1, 0, 0, 0, 1]);
  assert.deepEqual(falseAlarms!.flat(), [0, 0, 0, 1, 0, 1, 0]);
});

onEveryBackend(
  "binary cross-entropy: a vector is as many answers, and has their mean",
  async (backend) => {
    const output = [[1, -2, 0.5], [3, 3, -1]];
    const target = [[1, 0, 0], [0, 1, 1]];
    const weight = [1, 0.5];
    const vector = await judgeCases(backend, binaryCrossEntropyOf([3]), { output, target, weight });
    const scalar = await judgeCases(backend, binaryCrossEntropy, {
      output: output.flat(),
      target: target.flat(),
      weight: weight.flatMap((value) => [value, value, value]),
    });
    for (const row of [0, 1]) {
      const mean = scalar.loss.slice(3 * row, 3 * row + 3).reduce((a, b) => a + b) / 3;
      near(vector.loss[row]!, mean, `loss ${row}`);
    }
    for (const [name, value] of Object.entries(scalar.metrics)) {
      near(vector.metrics[name]!, value, name);
    }
  },
);
