/** Random numbers of a step: moments, and no correlation along any axis. */
import assert from "node:assert/strict";
import type { Extents } from "../axes.ts";
import { createProgram } from "../program/program.ts";
import { drawKeys } from "../training/batches.ts";
import type { Split } from "../training/task.ts";
import { cpuBackend } from "./cpu/cpu.ts";

const UNITS = 48;
const extents: Extents = { replicas: 2, sequences: 32, steps: 64 };
const seeds = [1, 2];

type Numbers = Readonly<Record<"uniform" | "normal" | "other" | "hits", Float32Array>>;

/** Numbers [T, P, B, units] of a split. */
async function drawSplit(split: Split): Promise<Numbers> {
  const builder = createProgram(extents);
  builder.stage("train", { name: "draw", loop: "forward" }, (stage) => {
    const { uniform, normal, bernoulli } = stage.random("test");
    const values = {
      uniform: uniform(UNITS),
      normal: normal(UNITS),
      other: normal(UNITS),
      hits: bernoulli(0.2, UNITS),
    };
    for (const [name, value] of Object.entries(values)) {
      const axes = { hasBatchAxis: true, hasTimeAxis: true };
      builder.slot(name, { kind: "tape", shape: [UNITS], ...axes });
      stage.store(name, value);
    }
  });
  const engine = await cpuBackend({ threads: 1 }).prepare(builder.build());
  drawKeys(engine.program, { seeds, split, first: 0, iterations: 1 })
    .forEach((keys, slot) => engine.write(slot, keys));
  await engine.run("train", { iterations: 1 });
  const values = Object.fromEntries(await engine.read(["uniform", "normal", "other", "hits"]));
  engine.close();
  return values as unknown as Numbers;
}

const [training, heldOut] = [await drawSplit("train"), await drawSplit("test")];
const count = training.normal.length;

/** Fails unless a mean over `numbers` draws is within 5 deviations of what is expected. */
function assertMean(
  actual: number,
  { expected, deviation, numbers, what }: {
    expected: number;
    deviation: number;
    numbers: number;
    what: string;
  },
): void {
  const bound = 5 * deviation / Math.sqrt(numbers);
  assert.ok(
    Math.abs(actual - expected) < bound,
    `${what}: ${actual}, expected ${expected} ± ${bound}`,
  );
}

const meanOf = (values: ArrayLike<number>, of: (x: number) => number): number =>
  Array.from(values).reduce((sum, x) => sum + of(x), 0) / values.length;

Deno.test("draws: a normal stream has the moments of a standard normal", () => {
  // Of x^k: the expected value, and the deviation.
  const moments = [[0, 1], [1, Math.sqrt(2)], [0, Math.sqrt(15)], [3, Math.sqrt(96)]] as const;
  moments.forEach(([expected, deviation], index) => {
    const what = `power ${index + 1}`;
    const mean = meanOf(training.normal, (x) => x ** (index + 1));
    assertMean(mean, { expected, deviation, numbers: count, what });
  });
  assert.ok(training.normal.every((x) => Math.abs(x) < 5.78));
});

Deno.test("draws: a uniform stream fills [0, 1) evenly, a share p of units is hit", () => {
  const bins = new Array<number>(64).fill(0);
  for (const x of training.uniform) {
    assert.ok(x >= 0 && x < 1);
    bins[Math.floor(64 * x)]! += 1;
  }
  const expected = count / 64;
  const chiSquared = bins.reduce((sum, bin) => sum + (bin - expected) ** 2 / expected, 0);
  assert.ok(Math.abs(chiSquared - 63) < 5 * Math.sqrt(2 * 63), `chi squared ${chiSquared}`);
  const share = meanOf(training.hits, (x) => x);
  assert.ok(training.hits.every((x) => x === 0 || x === 1));
  assertMean(share, { expected: 0.2, deviation: 0.4, numbers: count, what: "share" });
});

const { replicas, sequences } = extents;
/** The distance in [T, P, B, units] between neighbours along an axis. */
const strides = {
  element: 1,
  sequence: UNITS,
  replica: sequences * UNITS,
  step: replicas * sequences * UNITS,
};

for (const [axis, stride] of Object.entries(strides)) {
  Deno.test(`draws: neighbours along the axis of each ${axis} are not correlated`, () => {
    for (const moment of [(x: number) => x, (x: number) => (x * x - 1) / Math.SQRT2]) {
      const numbers = count - stride;
      let sum = 0;
      for (let i = 0; i < numbers; i++) {
        sum += moment(training.normal[i]!) * moment(training.normal[i + stride]!);
      }
      assertMean(sum / numbers, { expected: 0, deviation: 1, numbers, what: axis });
    }
  });
}

Deno.test("draws: calls and splits are independent", () => {
  const pairs = { calls: training.other, splits: heldOut.normal };
  for (const [what, others] of Object.entries(pairs)) {
    let sum = 0;
    others.forEach((x, i) => sum += x * training.normal[i]!);
    assertMean(sum / count, { expected: 0, deviation: 1, numbers: count, what });
  }
});
