/** A step that does not count adds nothing to a loss, its gradient and its sums, whatever its values are. */
import assert from "node:assert/strict";
import { add } from "../program/language.ts";
import { type Columns, evaluateCases, onEveryBackend } from "../testing/on_every_backend.ts";
import { attractorLoss } from "./attractor_loss.ts";
import { binaryCrossEntropy } from "./binary_cross_entropy.ts";
import { crossEntropy } from "./cross_entropy.ts";
import { crossEntropyOfRecall } from "./cross_entropy_of_recall.ts";
import type { Loss } from "./loss.ts";
import { patternError } from "./pattern_error.ts";

const broken = [NaN, Infinity, -Infinity];
const all = <T>(value: T): T[] => broken.map(() => value);
const size = 2;

const attractor = attractorLoss({
  ...{ alpha: 1, beta: 1, gamma: 1, delta: 1, epsilon: 0, steps: 1, kept: 0.9 },
});

/** By loss: what it reads of a step that does not count; all but the masks is broken. */
const losses: readonly { loss: Loss; reads: Columns; broken: readonly string[] }[] = [
  {
    loss: binaryCrossEntropy,
    reads: { output: broken, target: broken, weight: all(0) },
    broken: ["output"],
  },
  {
    loss: crossEntropy,
    reads: {
      output: broken.map((x) => [x, 1, x]),
      ...{ target: broken, mask: all(0), recall: all(1), last: broken },
    },
    broken: ["output"],
  },
  {
    loss: crossEntropyOfRecall({
      lags: { least: 0, most: 9 },
      mistakes: { symbols: 3, kinds: ["stale", "wrong_key"] },
    }),
    reads: {
      output: broken.map((x) => [x, 1, x]),
      ...{ target: broken, mask: all(0), recall: all(1), last: broken, lag: broken },
      mistake: broken.map((x) => [x, 1, 2]),
    },
    broken: ["output"],
  },
  {
    loss: patternError(size),
    reads: {
      output: broken.map((x) => [x, x, 1]),
      target: broken.map((x) => [x, 1]),
      erased: broken.map((x) => [1, x]),
      weight: all(0),
    },
    broken: ["output"],
  },
  {
    loss: attractor,
    reads: {
      output: broken,
      ...{ retention: broken, reaction: broken, fixed_point_error: broken },
      ...{ margin_shortfall: broken, wrong_bits: broken, activity: all(0), last: all(0) },
    },
    broken: ["retention", "reaction", "fixed_point_error", "margin_shortfall"],
  },
];

onEveryBackend("losses: a step that does not count may be NaN or infinite", async (backend) => {
  for (const { loss, reads, broken } of losses) {
    const found = await evaluateCases(backend, reads, ({ output, ...rest }) => {
      const step = { output: output!, observed: rest, state: rest, targets: rest };
      const { loss: total, weight, sums } = loss.step(step);
      return { ...sums, total: add(total, weight) };
    }, { of: "total", by: broken });
    for (const [name, values] of Object.entries(found)) {
      const isZero = values.flat().every((x) => x === 0);
      assert.ok(isZero, `${loss.name}, ${name}: ${values.flat()}`);
    }
  }
});
