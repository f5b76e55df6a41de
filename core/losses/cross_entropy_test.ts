/** Cross-entropy against closed forms, with ties, infinite logits and one symbol. */
import assert from "node:assert/strict";
import { assertRelative, evaluateCases, onEveryBackend } from "../testing/on_every_backend.ts";
import { crossEntropy } from "./cross_entropy.ts";

interface Case {
  readonly logits: readonly number[];
  readonly target: number;
  readonly loss: number;
  readonly gradient: readonly number[];
}

/** Loss log(1 + Σ e^(x_i - x_target)) and gradient, computed without cancellation. */
function finiteCase(logits: readonly number[], target: number): Case {
  const odds = logits.map((x, i) => i === target ? 0 : Math.exp(x - logits[target]!));
  const total = odds.reduce((a, b) => a + b, 0);
  const gradient = odds.map((x, i) => (i === target ? -total : x) / (1 + total));
  return { logits, target, loss: Math.log1p(total), gradient };
}

const cases: readonly Case[] = [
  finiteCase([0, 0, 0], 1),
  finiteCase([1, -2, 0.5], 2),
  finiteCase([20, 0, -3], 0),
  finiteCase([15, 30, 0], 1),
  finiteCase([0, 80, 80], 0),
  finiteCase([1000, 940, 1000], 1),
  { logits: [-Infinity, 1, 1], target: 2, loss: Math.LN2, gradient: [0, 0.5, -0.5] },
  { logits: [-Infinity, 1, 1], target: 0, loss: Infinity, gradient: [-1, 0.5, 0.5] },
  { logits: [Infinity, 1, 1], target: 0, loss: 0, gradient: [0, 0, 0] },
  { logits: [Infinity, 1, 1], target: 1, loss: Infinity, gradient: [1, -1, 0] },
  { logits: [Infinity, 1, Infinity], target: 2, loss: Math.LN2, gradient: [0.5, 0, -0.5] },
  {
    logits: [Infinity, Infinity, Infinity],
    target: 0,
    loss: Math.log(3),
    gradient: [-2 / 3, 1 / 3, 1 / 3],
  },
  { logits: [-Infinity, 1, -Infinity], target: 1, loss: 0, gradient: [0, 0, 0] },
  { logits: [3e38, -3e38, 0], target: 0, loss: 0, gradient: [0, 0, 0] },
  { logits: [NaN, 1, 2], target: 1, loss: NaN, gradient: [NaN, NaN, NaN] },
];

onEveryBackend("cross-entropy: loss and gradient, infinite logits included", async (backend) => {
  const ones = cases.map(() => 1);
  const columns = {
    logits: cases.map(({ logits }) => logits),
    target: cases.map(({ target }) => target),
    ...{ mask: ones, recall: ones, last: ones },
  };
  const found = await evaluateCases(backend, columns, ({ logits, ...targets }) => {
    const { loss, sums } = crossEntropy.step({
      ...{ output: logits!, observed: {}, state: {}, targets },
    });
    return { correct: sums.correct!, loss };
  }, { of: "loss", by: ["logits"] });
  assertRelative(found["loss"]!, cases.map(({ loss }) => loss), "loss");
  cases.forEach(({ gradient, logits }, index) => {
    assertRelative([found["d/logits"]![index]!], [gradient], `gradient of ${logits}`);
  });
  assert.deepEqual(found["correct"]!.flat(), [0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 1, 0]);
});

onEveryBackend("cross-entropy: one symbol is certain", async (backend) => {
  const one = [1, 1];
  const columns = { logits: [[3], [-5]], target: [0, 0], mask: one, recall: one, last: one };
  const found = await evaluateCases(backend, columns, ({ logits, ...targets }) => ({
    loss: crossEntropy.step({ output: logits!, observed: {}, state: {}, targets }).loss,
  }), { of: "loss", by: ["logits"] });
  assert.deepEqual([found["loss"], found["d/logits"]], [[[0], [0]], [[0], [0]]]);
});
