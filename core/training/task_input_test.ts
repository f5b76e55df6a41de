import assert from "node:assert/strict";
import { squaredError } from "../losses/regression.ts";
import { createProgram } from "../program/program.ts";
import { createBatches } from "./batches.ts";
import type { Task } from "./task.ts";

/** Sequences of 2 of at most 4 steps, with a target alone. */
const task: Task = {
  name: "short",
  summary: "shorter than the longest",
  steps: 4,
  inputs: { target: [2] },
  loss: squaredError([2]),
  output: [2],
  sizes: {},
  score: "loss",
  sequence: () => ({ target: Float32Array.of(1, 2, 3, 4) }),
};

function programOf(weight: { missing?: number; hasTimeAxis?: boolean }, target = [2] as const) {
  const builder = createProgram({ replicas: 1, sequences: 2, steps: 4 });
  const input = {
    kind: "input",
    hasBatchAxis: true,
    hasTimeAxis: true,
    hasChunkAxis: true,
  } as const;
  builder.slot("target/target", { ...input, shape: target, given: "target" });
  builder.slot("weight", { ...input, ...weight });
  return builder.build();
}

const draw = (program: ReturnType<typeof programOf>, from = task) =>
  createBatches(program, from, { seeds: [1], chunk: 1 })
    .draw("train", { first: 0, iterations: 1 });

Deno.test("an input that the task leaves out is its default up to the end of the sequence, then 0", () => {
  const drawn = draw(programOf({ missing: 1 }));
  // [T, P, B]
  assert.deepEqual([...drawn.get("weight")!], [1, 1, 1, 1, 0, 0, 0, 0]);
  assert.deepEqual([...draw(programOf({ missing: 2, hasTimeAxis: false })).get("weight")!], [2, 2]);
});

Deno.test("an input that the task gives is taken from it, by the name that it has there", () => {
  const weighed: Task = {
    ...task,
    inputs: { ...task.inputs, weight: [] },
    sequence: (random, draw) => ({ ...task.sequence(random, draw), weight: Float32Array.of(5, 6) }),
  };
  const drawn = draw(programOf({ missing: 1 }), weighed);
  assert.deepEqual([...drawn.get("weight")!], [5, 5, 6, 6, 0, 0, 0, 0]);
  const targets = drawn.get("target/target")!;
  assert.deepEqual([...targets.subarray(0, 8)], [1, 2, 1, 2, 3, 4, 3, 4]);
});

Deno.test("an input without a default has to be given, and of the declared shape", () => {
  assert.throws(() => draw(programOf({})), {
    message: 'Task short makes no input "weight"; it makes target',
  });
  assert.throws(() => draw(programOf({ missing: 1 }, [3] as never)), {
    message: 'Task short makes "target" as a vector(2), the program reads a vector(3)',
  });
});
