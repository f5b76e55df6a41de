/** Random numbers of a step: the same on every backend, for every number of threads. */
import assert from "node:assert/strict";
import type { Extents } from "../axes.ts";
import {
  add,
  batchMean,
  column,
  concat,
  matvec,
  mul,
  slice,
  transpose,
} from "../program/language.ts";
import { createProgram, type Loop, type Program, type StageBuilder } from "../program/program.ts";
import { drawKey, drawNumber, keySlots, keyStream } from "../program/random_keys.ts";
import { streamOf } from "../random.ts";
import { drawKeys } from "../training/batches.ts";
import type { Backend, Values } from "./backend.ts";
import { cpuBackend } from "./cpu/cpu.ts";
import { referenceBackend } from "./reference/reference.ts";
import { webgpuBackend } from "./webgpu/webgpu.ts";

const extents: Extents = { replicas: 2, sequences: 3, steps: 4 };
const seeds = [5, 2 ** 40 + 9];
const FIRST = 11;
const ITERATIONS = 2;

/** Draws of every shape, read in order, across, in parts, and by loops of reductions. */
function drawsOf({ random }: StageBuilder): Parameters<typeof keep>[1] {
  const { uniform, normal, bernoulli } = random("test");
  const matrix = uniform([5, 7], { name: "matrix" });
  const short = uniform(3);
  return {
    scalar: uniform(),
    vector: uniform(9, { name: "vector" }),
    matrix,
    transposed: transpose(matrix),
    joined: concat(slice(uniform(9, { name: "vector" }), 2, 5), short),
    column: mul(column(short), uniform([3, 6], { name: "rows" })),
    shared: uniform([5, 7], { name: "shared", perSequence: false }),
    hits: bernoulli(0.3, 17),
    normal: normal([6, 5], { name: "normal" }),
    sum: matvec(matrix, uniform(7)),
    mean: batchMean(normal(5)),
  };
}

/** Keeps values of every step, or of a stage that runs once. */
function keep(
  stage: StageBuilder,
  values: Readonly<Record<string, ReturnType<StageBuilder["load"]>>>,
  { builder, group, perStep }: {
    builder: ReturnType<typeof createProgram>;
    group: string;
    perStep: boolean;
  },
): void {
  for (const [name, value] of Object.entries(values)) {
    const { shape, hasBatchAxis } = value;
    const kind = perStep ? "tape" : "optimizer";
    builder.slot(`${group}/${name}`, { kind, shape, hasBatchAxis, hasTimeAxis: perStep });
    stage.store(`${group}/${name}`, value);
  }
}

function programOf(loops: readonly Loop[]): Program {
  const builder = createProgram(extents);
  for (const loop of loops) {
    builder.stage(
      "train",
      { name: loop, loop },
      (stage) => keep(stage, drawsOf(stage), { builder, group: loop, perStep: loop !== "none" }),
    );
  }
  // Something that all sequences share at every step makes them run together.
  builder.slot("total", { kind: "state", shape: [5] });
  builder.stage("train", { name: "total", loop: "forward" }, (stage) => {
    const drawn = stage.random("test").normal(5, { name: "noise" });
    stage.store("total", add(stage.load("total"), batchMean(drawn)));
  });
  return builder.build();
}

/** Draws on a backend. A software GPU compiles for seconds: there, one loop is enough. */
async function drawOn(
  backend: Backend,
  loops: readonly Loop[] = ["none", "forward", "reverse"],
): Promise<Map<string, Values>> {
  const program = programOf(loops);
  const engine = await backend.prepare(program, { chunk: ITERATIONS });
  const range = { split: "train", first: FIRST, iterations: ITERATIONS } as const;
  drawKeys(program, { seeds, ...range }).forEach((keys, slot) => engine.write(slot, keys));
  engine.write("total", new Float32Array(2 * 5));
  await engine.run("train", { iterations: ITERATIONS });
  const names = [...program.slots.values()].filter(({ kind }) => kind !== "input")
    .map(({ name }) => name);
  const values = await engine.read(names);
  engine.close();
  backend.close();
  return values;
}

const isRounded = (name: string): boolean => /normal|sum|mean|total|column/.test(name);

const expected = await drawOn(referenceBackend());

function assertSameNumbers(actual: ReadonlyMap<string, Values>, what: string): void {
  for (const [name, numbers] of actual) {
    const values = expected.get(name)!;
    if (!isRounded(name)) {
      assert.deepEqual([...numbers], [...values], `${what}: ${name}`);
      continue;
    }
    values.forEach((value, index) =>
      assert.ok(Math.abs(numbers[index]! - value) < 4e-6, `${what}: ${name}, element ${index}`)
    );
  }
}

Deno.test("draws: the reference gives what the address says", () => {
  const vector = expected.get("forward/vector")!;
  const stream = streamOf("random/test/vector");
  for (const [t, p, b, i] of [[0, 0, 0, 0], [3, 1, 2, 8], [1, 0, 2, 4]] as const) {
    const number = (FIRST + ITERATIONS - 1) * 3 + b;
    const keys = keyStream({ name: keySlots.sequence }, "train");
    const key = drawKey({ seed: seeds[p]!, stream: keys, step: number });
    const drawn = drawNumber({ stream, distribution: "uniform" }, { key, element: i, step: t });
    assert.equal(vector[((t * 2 + p) * 3 + b) * 9 + i], drawn);
    assert.equal(drawn * 2 ** 24, Math.floor(drawn * 2 ** 24));
  }
  for (const name of ["vector", "matrix", "normal", "hits", "shared"]) {
    const once = expected.get(`none/${name}`)!;
    assert.deepEqual(expected.get(`reverse/${name}`), expected.get(`forward/${name}`));
    assert.deepEqual(once, expected.get(`forward/${name}`)!.slice(0, once.length), name);
  }
});

for (const threads of [1, 2, 3]) {
  for (const relaxed of [true, false]) {
    Deno.test(`draws: cpu with ${threads} threads, relaxed ${relaxed}`, async () => {
      const backend = cpuBackend({ threads, forceThreads: true, relaxed });
      assertSameNumbers(await drawOn(backend), `${threads} threads`);
    });
  }
}

for (const [lowering, loop] of [["fused", "reverse"], ["split", "none"]] as const) {
  Deno.test(`draws: gpu, ${lowering}`, async () => {
    const backend = await webgpuBackend({ allowSoftware: true, lowering });
    assertSameNumbers(await drawOn(backend, [loop]), lowering);
  });
}
