/** Probabilities and answers of logits that are infinite or no numbers. */
import assert from "node:assert/strict";
import type { Shape } from "../../core/axes.ts";
import type { Probe } from "../../analysis/probe/probe_network.ts";
import { outputOf } from "./network_view.ts";

/** As much of a probe as the output is made of: one target a step, all judged. */
function probeOf(shape: Shape, logits: readonly number[], targets: readonly number[]): Probe {
  const inputs = {
    target: Float32Array.from(targets),
    weight: new Float32Array(targets.length).fill(1),
  };
  const output = { name: "output", shape, values: Float32Array.from(logits) };
  const task = { loss: { isClassification: true, inputs } };
  return { output, inputs, task, steps: targets.length } as unknown as Probe;
}

const areRight = (probe: Probe) => outputOf(probe).judged.map(({ isRight }) => isRight);

Deno.test("output: an infinite logit is certain, equal ones share", () => {
  const logits = [Infinity, 0, 5, Infinity, 1, Infinity];
  const probe = probeOf([3], logits, [0, 0]);
  // [symbols, steps].
  assert.deepEqual([...outputOf(probe).probabilities.values], [1, 0.5, 0, 0, 0, 0.5]);
  assert.deepEqual(areRight(probe), [true, true]);
});

Deno.test("output: what is not a number is never right", () => {
  assert.deepEqual(areRight(probeOf([], [NaN, NaN, 0, -1], [0, 1, 1, 0])), [
    ...[false, false, true, true],
  ]);
  assert.deepEqual(areRight(probeOf([2], [NaN, 1, 2, 1], [1, 0])), [false, true]);
});
