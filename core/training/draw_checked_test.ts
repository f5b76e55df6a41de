/** What a sequence may hold, and what it may not. Messages: tests/wrong_code_test.ts. */
import assert from "node:assert/strict";
import { activityPenalty } from "../losses/activity_penalty.ts";
import { addLosses, scaled } from "../losses/add_losses.ts";
import { binaryCrossEntropy } from "../losses/binary_cross_entropy.ts";
import { crossEntropy } from "../losses/cross_entropy.ts";
import { defineLoss } from "../losses/define_loss.ts";
import { createProgram } from "../program/program.ts";
import { add, gather, matvec, oneHot, square, sub } from "../program/language.ts";
import { drawChecked } from "./draw_checked.ts";
import { indexLimits } from "./index_limits.ts";
import type { Task } from "./task.ts";

/** A task of two steps whose sequences are as given, with the inputs of a loss. */
const taskOf = (
  loss: Task["loss"],
  inputs: Task["inputs"],
  drawn: Readonly<Record<string, unknown>>,
): Task => ({
  ...{ name: "given", summary: "Given", steps: 2, sizes: {}, output: [], score: "accuracy" },
  ...{ chance: 0.5, bestLoss: 0 },
  inputs: { ...loss.inputs, ...inputs },
  loss,
  sequence: () => drawn as Record<string, Float32Array>,
});

const address = { seed: 1, split: "train", index: 0 } as const;
const pair = (first: number, second: number) => Float32Array.of(first, second);

Deno.test("a sequence may have no target where it does not count, and no NaN elsewhere", () => {
  const draw = (target: Float32Array, weight: Float32Array, x = pair(1, 2)) =>
    drawChecked(taskOf(binaryCrossEntropy, { x: [] }, { target, weight, x }), address);
  const uncounted = draw(pair(NaN, 1), pair(0, 1));
  assert.deepEqual(uncounted["target"], pair(NaN, 1));
  draw(pair(Infinity, 1), pair(0, 1));
  assert.throws(() => draw(pair(0, NaN), pair(0, 1)), /"target" is NaN at step 1/);
  assert.throws(() => draw(pair(0, 1), pair(NaN, 1)), /"weight" is NaN at step 0/);
  assert.throws(() => draw(pair(NaN, 1), pair(0, 1), pair(NaN, 1)), /"x" is NaN at step 0/);
});

Deno.test("the weight may have any name, and a sum of losses has several", () => {
  const own = defineLoss({
    ...{ name: "own", inputs: { target: [] }, weighedBy: "importance" },
    step: ({ output, targets: { target } }) => ({ loss: square(sub(output, target)) }),
  });
  for (const loss of [own, scaled(2, own), addLosses({ own, activity: activityPenalty("y") })]) {
    const draw = (importance: Float32Array) =>
      drawChecked(
        { ...taskOf(own, {}, { target: pair(NaN, 1), importance }), loss },
        address,
      );
    assert.deepEqual(draw(pair(0, 1))["target"], pair(NaN, 1));
    assert.throws(() => draw(pair(1, 1)), /"target" is NaN at step 0/);
  }
});

Deno.test("arrays of other numbers are rounded to float32, and checked when they are", () => {
  const draw = (x: unknown) =>
    drawChecked(
      taskOf(binaryCrossEntropy, { x: [] }, { target: pair(0, 1), weight: pair(1, 1), x }),
      address,
    )["x"];
  const half = pair(0.5, -3);
  for (const x of [[0.5, -3], Float64Array.of(0.5, -3)]) assert.deepEqual(draw(x), half);
  assert.deepEqual(draw(Int8Array.of(1, -3)), pair(1, -3));
  const float32 = pair(0, 0);
  assert.equal(draw(float32), float32);
  assert.throws(() => draw([1, 1e39]), /"x" is Infinity at step 1/);
  assert.throws(
    () => draw([1, undefined]),
    /"x": expected a Float32Array of numbers, element 1 is undefined/,
  );
  assert.throws(() => draw(BigInt64Array.of(1n, 2n)), /element 0 is bigint/);
  assert.throws(() => draw("ab"), /"x": expected a Float32Array, got string/);
});

Deno.test("indices that a network looks up are within what there is", () => {
  const builder = createProgram({ replicas: 1, sequences: 1, steps: 2 });
  for (const name of ["symbol", "place", "target"]) {
    builder.slot(name, { kind: "input", hasBatchAxis: true, hasTimeAxis: true });
  }
  builder.slot("w", { kind: "parameter", shape: [4, 5] });
  builder.slot("y", { kind: "state", shape: [4], hasBatchAxis: true });
  builder.slot("z", { kind: "state", hasBatchAxis: true });
  builder.stage("evaluate", { name: "step", loop: "forward" }, (stage) => {
    const y = matvec(stage.load("w"), oneHot(stage.load("symbol"), 5));
    stage.store("y", y);
    // A computed index is no input.
    const shifted = gather(y, add(stage.load("place"), 1));
    stage.store("z", add(gather(y, stage.load("target")), shifted));
  });
  const limits = indexLimits(builder.build());
  assert.deepEqual(new Map([...limits].sort()), new Map([["symbol", 5], ["target", 4]]));

  const rest = { recall: pair(0, 0), last: pair(0, 0) };
  const draw = (symbol: Float32Array, target = pair(0, 0), mask = pair(1, 1)) =>
    drawChecked(
      taskOf(crossEntropy, { symbol: [] }, { symbol, target, mask, ...rest }),
      address,
      limits,
    );
  draw(pair(4, -1));
  draw(pair(0, 0), pair(99, 3), pair(0, 1));
  assert.throws(() => draw(pair(0, 5)), /"symbol" is 5 at step 1, expected an index of 0 to 4/);
  assert.throws(() => draw(pair(0.5, 0)), /"symbol" is 0.5 at step 0, expected an index of 0 to 4/);
  assert.throws(() => draw(pair(0, 0), pair(0, -1)), /"target" is -1 at step 1, expected an index/);
});
