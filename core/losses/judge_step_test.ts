/** What a loss reads of a model by name has to be there. */
import assert from "node:assert/strict";
import { createGraph } from "../program/node.ts";
import { filled } from "../program/language.ts";
import { lift, type Value } from "../program/elementwise.ts";
import { binaryCrossEntropy } from "./binary_cross_entropy.ts";
import { crossEntropy } from "./cross_entropy.ts";
import { judgeStep } from "./judge_step.ts";
import type { Loss } from "./loss.ts";
import { squaredError } from "./regression.ts";

const m = { model: "m" };
const one = lift(createGraph(true, 1), 1);
const values = (...names: string[]): Record<string, Value> =>
  Object.fromEntries(names.map((name) => [name, filled(one, names.indexOf(name), [])]));

const loss: Loss = {
  name: "peak",
  inputs: { last: [] },
  reads: { observed: ["overlap"], state: ["largest"] },
  step: ({ observed, state, targets }) => ({
    loss: observed.overlap!,
    weight: targets.last!,
    sums: { largest: state.largest! },
  }),
  metrics: { loss: ["largest", "largest"] },
};

Deno.test("a loss gets what the model names", () => {
  const step = {
    output: one,
    observed: values("energy", "overlap"),
    state: values("h", "largest"),
    targets: values("last"),
  };
  const { loss: judged, weight, sums } = judgeStep(loss, step, m);
  assert.equal(judged, step.observed.overlap);
  assert.equal(weight, step.targets.last);
  assert.equal(sums.largest, step.state.largest);
});

Deno.test("a loss that reads what the model does not name is refused in one line", () => {
  const step = { output: one, targets: values("last"), state: values("h", "largest") };
  assert.throws(() => judgeStep(loss, { ...step, observed: values("energy", "overlop") }, m), {
    name: "CodeError",
    message:
      'Loss peak of model m: expected the observed value "overlap", got energy, overlop (did you mean overlop?)',
  });
  assert.throws(() => judgeStep(loss, { ...step, observed: {} }, m), {
    name: "CodeError",
    message: 'Loss peak of model m: expected the observed value "overlap", got none',
  });
  const observed = values("overlap");
  assert.throws(() => judgeStep(loss, { ...step, observed, state: values("h") }, m), {
    name: "CodeError",
    message: 'Loss peak of model m: expected the state "largest", got h',
  });
});

Deno.test("an output of another shape than the loss judges is refused in one line", () => {
  const output = filled(one, 0, [1]);
  const step = { output, observed: {}, state: {}, targets: values("target", "weight") };
  const refused = (judged: Loss, message: string) =>
    assert.throws(() => judgeStep(judged, step, m), { name: "CodeError", message });
  refused(
    binaryCrossEntropy,
    "Loss binary-cross-entropy of model m: expected an output that is a scalar, got a vector(1)",
  );
  refused(
    squaredError([3]),
    "Loss squared-error of model m: expected an output that is a vector(3), got a vector(1)",
  );
  const scalar = { ...step, output: one };
  assert.throws(() => judgeStep(crossEntropy, scalar, m), {
    message: "Loss cross-entropy of model m: expected an output that is a vector, got a scalar",
  });
});
