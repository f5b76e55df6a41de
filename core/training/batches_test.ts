import assert from "node:assert/strict";
import { matrix, scalar } from "../program/declaration.ts";
import { constantValue } from "../program/initializer.ts";
import { createProgram, type Program } from "../program/program.ts";
import { binaryCrossEntropy } from "../losses/binary_cross_entropy.ts";
import { fixed } from "../program/input.ts";
import type { RandomStream } from "../random.ts";
import { type Draw, drawSequence, type Split, type Task } from "./task.ts";
import { batchOf, createBatches } from "./batches.ts";

/** Sequences of `steps` steps whose values tell them apart: none is 0. */
const taskOf = (steps: number): Task => ({
  name: "count",
  summary: "random words",
  steps,
  inputs: { frame: [3], weight: [] },
  loss: binaryCrossEntropy,
  output: [],
  sizes: {},
  score: "accuracy",
  chance: 0.5,
  bestLoss: 0,
  sequence: (random) => ({
    frame: Float32Array.from({ length: 3 * steps }, () => 1 + random.uniform()),
    weight: Float32Array.from({ length: steps }, () => 1 + random.uniform()),
  }),
});

function programOf(
  { replicas, sequences, steps }: { replicas: number; sequences: number; steps: number },
): Program {
  const builder = createProgram({ replicas, sequences, steps });
  builder.declare("w", matrix(1, 1, constantValue(0)));
  builder.declare("unused", scalar(0));
  const input = {
    kind: "input",
    hasBatchAxis: true,
    hasTimeAxis: true,
    hasChunkAxis: true,
  } as const;
  builder.slot("frame", { ...input, shape: [3] });
  builder.slot("weight", { ...input, shape: [] });
  return builder.build();
}

/** Values of a slot [K, T, P, B, size] at one k, replica and sequence, step-major. */
function sequenceAt(
  values: Float32Array,
  { extents: { replicas, sequences, steps } }: Program,
  { size, k, replica, b }: { size: number; k: number; replica: number; b: number },
): number[] {
  return Array.from({ length: steps }, (_, t) => {
    const at = (((k * steps + t) * replicas + replica) * sequences + b) * size;
    return [...values.subarray(at, at + size)];
  }).flat();
}

const extentsCases = [
  { lengths: [4], sequences: 1 },
  { lengths: [4], sequences: 3 },
  { lengths: [2, 5, 3], sequences: 1 },
  { lengths: [5, 2], sequences: 2 },
];

for (const { lengths, sequences } of extentsCases) {
  Deno.test(`batches: ${lengths} steps, B ${sequences}: own sequences, then zeros`, () => {
    const steps = Math.max(...lengths);
    const program = programOf({ replicas: lengths.length, sequences, steps });
    const tasks = lengths.map(taskOf);
    const seeds = lengths.map((_, replica) => 10 + replica);
    const batches = createBatches(program, tasks, { seeds, chunk: 2 });
    // Drawn more often than there are sets of arrays: what an earlier draw left must not show.
    for (const first of [0, 7, 2, 30, 4]) {
      const drawn = batches.draw("train", { first, iterations: 2 });
      for (const [k, replica, b] of everyIndex([2, lengths.length, sequences])) {
        const expected = drawSequence(tasks[replica]!, {
          seed: seeds[replica]!,
          index: (first + k) * sequences + b,
        });
        for (const [slot, size] of [["frame", 3], ["weight", 1]] as const) {
          const padding = Array.from({ length: (steps - lengths[replica]!) * size }, () => 0);
          assert.deepEqual(
            sequenceAt(drawn.get(slot)!, program, { size, k, replica, b }),
            [...expected[slot]!, ...padding],
            `${slot} of replica ${replica}, sequence ${b}`,
          );
        }
      }
    }
  });
}

function everyIndex([a, b, c]: readonly [number, number, number]): [number, number, number][] {
  const all: [number, number, number][] = [];
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) for (let k = 0; k < c; k++) all.push([i, j, k]);
  }
  return all;
}

Deno.test("batches: one task for all replicas is a task for each", () => {
  const program = programOf({ replicas: 2, sequences: 2, steps: 4 });
  const options = { seeds: [1, 2], chunk: 1 };
  const range = { first: 3, iterations: 1 };
  assert.deepEqual(
    createBatches(program, taskOf(4), options).draw("test", range),
    createBatches(program, [taskOf(4), taskOf(4)], options).draw("test", range),
  );
});

Deno.test("batches: a fixed input has one value a sequence", () => {
  const builder = createProgram({ replicas: 2, sequences: 3, steps: 4 });
  const fixedSlot = { kind: "input", shape: [2], hasBatchAxis: true, hasChunkAxis: true } as const;
  builder.slot("memory", fixedSlot);
  const task = {
    ...taskOf(4),
    inputs: { memory: fixed([2]) },
    sequence: ({ address: { seed, step } }: RandomStream) => ({
      memory: Float32Array.of(seed, step),
    }),
  };
  const batches = createBatches(builder.build(), task, { seeds: [10, 20], chunk: 2 });
  const drawn = batches.draw("train", { first: 5, iterations: 2 }).get("memory")!;
  const expected = [5, 6].flatMap((iteration) =>
    [10, 20].flatMap((seed) => [0, 1, 2].flatMap((b) => [seed, 3 * iteration + b]))
  );
  assert.deepEqual([...drawn], expected);
});

Deno.test("batches: a task and a program that disagree on what is fixed", () => {
  const builder = createProgram({ replicas: 1, sequences: 1, steps: 4 });
  builder.slot("frame", { kind: "input", shape: [3], hasBatchAxis: true, hasChunkAxis: true });
  assert.throws(() => createBatches(builder.build(), taskOf(4), { seeds: [1], chunk: 1 }), {
    name: "CodeError",
    message: 'Task count makes one "frame" per step, the program reads one per sequence',
  });
});

Deno.test("batches: tasks that do not fit the program are refused in one line", () => {
  const program = programOf({ replicas: 2, sequences: 1, steps: 4 });
  const options = { seeds: [1, 2], chunk: 1 };
  for (const lengths of [[3, 2], [4, 5]]) {
    assert.throws(() => createBatches(program, lengths.map(taskOf), options), {
      name: "RangeError",
      message: `Task count has ${Math.max(...lengths)} steps, the program 4`,
    });
  }
  const { frame } = taskOf(4).inputs;
  const poor = { ...taskOf(4), inputs: { frame: frame! } };
  assert.throws(() => createBatches(program, poor, options), {
    name: "CodeError",
    message: 'Task count makes no input "weight"; it makes frame',
  });
});

Deno.test("batches: inputs that the axis of sequences shares take one sequence an iteration", () => {
  const extents = { replicas: 2, sequences: 1, steps: 4 };
  const one = programOf(extents);
  const builder = createProgram({ ...extents, sequences: 7 });
  for (const { name, shape } of one.slots.values()) {
    if (name === "frame" || name === "weight") {
      builder.slot(name, { kind: "input", shape, hasTimeAxis: true, hasChunkAxis: true });
    }
  }
  const virtual = builder.build();
  assert.deepEqual([one, virtual, programOf({ ...extents, sequences: 3 })].map(batchOf), [1, 1, 3]);
  const [own, shared] = [one, virtual].map((program) =>
    createBatches(program, taskOf(4), { seeds: [3, 4], chunk: 2 })
      .draw("train", { first: 1, iterations: 2 })
  );
  assert.deepEqual(shared, own);
});

Deno.test("batches: no memory is taken before the first draw", () => {
  const program = programOf({ replicas: 1, sequences: 2, steps: 4 });
  const batches = createBatches(program, taskOf(4), { seeds: [1], chunk: 2 ** 45 });
  assert.throws(() => batches.draw("test", { first: 0, iterations: 1 }), RangeError);
});

Deno.test("batches: a task is told the split, the number of each sequence, and of those in a batch", () => {
  const told: Draw[] = [];
  const task: Task = {
    ...taskOf(2),
    sequence(random, draw) {
      told.push(draw);
      return taskOf(2).sequence(random, draw);
    },
  };
  const program = programOf({ replicas: 2, sequences: 3, steps: 2 });
  const batches = createBatches(program, task, { seeds: [1, 2], chunk: 2 });
  for (const split of ["train", "validation", "test"] satisfies Split[]) {
    told.length = 0;
    batches.draw(split, { first: 4, iterations: 2 });
    const numbers = [12, 13, 14, 12, 13, 14, 15, 16, 17, 15, 16, 17];
    assert.deepEqual(told, numbers.map((index) => ({ split, index, batch: 3 })));
  }
});
