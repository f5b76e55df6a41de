/** First values: what each kind draws, number by number, and what is told without drawing. */
import assert from "node:assert/strict";
import { fillNormal, randomStream, streamOf } from "../random.ts";
import { drawInitial } from "./draw_initial.ts";
import {
  bernoulli,
  computed,
  constantOf,
  constantValue,
  drawnAs,
  type Initializer,
  normal,
  opposite,
  uniform,
  xavierNormal,
  xavierUniform,
} from "./initializer.ts";

function draw(
  initializer: Initializer,
  { shape = [3, 4], name = "w", seed = 5, replica = 0 }: {
    shape?: readonly [number, number];
    name?: string;
    seed?: number;
    replica?: number;
  } = {},
): number[] {
  const out = new Float32Array(shape[0] * shape[1]).fill(NaN);
  drawInitial(initializer, out, { shape, name, seed, replica, steps: 7, step: 2 });
  return [...out];
}

const uniforms = (count: number, name = "w") => {
  const random = randomStream({ seed: 5, stream: streamOf(name) });
  return Array.from({ length: count }, () => random.uniform());
};

Deno.test("first values: numbers of the stream of the name", () => {
  assert.deepEqual(draw(uniform(0, 1)), uniforms(12));
  assert.deepEqual(draw(uniform(0, 1, "other")), uniforms(12, "other"));
  const normals = fillNormal(new Float32Array(12), {
    seed: 5,
    stream: streamOf("w"),
    deviation: 0.3,
  });
  assert.deepEqual(draw(normal(0.3)), [...normals]);
  assert.notDeepEqual(draw(normal(0.3), { seed: 6 }), [...normals]);
  assert.deepEqual(draw(constantValue(0.1)), Array(12).fill(Math.fround(0.1)));
});

Deno.test("first values: Xavier's depend on post and pre", () => {
  assert.deepEqual(draw(xavierNormal), draw(normal(Math.sqrt(2 / 7))));
  const bound = Math.sqrt(6 / 7);
  assert.deepEqual(draw(xavierUniform), draw(uniform(-bound, bound)));
});

Deno.test("first values: a mask is where the draw is below the probability", () => {
  assert.deepEqual(draw(bernoulli(0.4)), uniforms(12).map((u) => Number(u < 0.4)));
  assert.deepEqual(
    draw(bernoulli(0.4, { value: 0.5, name: "mask" })),
    uniforms(12, "mask").map((u) => u < 0.4 ? 0.5 : 0),
  );
  const square = draw(bernoulli(0.5, { symmetric: true }), { shape: [4, 4] });
  const lower = [0, 1, 2, 3].flatMap((i) => square.slice(4 * i, 4 * i + i + 1));
  assert.deepEqual(lower, uniforms(10).map((u) => Number(u < 0.5)));
  square.forEach((value, index) =>
    assert.equal(value, square[index % 4 * 4 + Math.floor(index / 4)])
  );
});

Deno.test("first values: made of others", () => {
  const magnitudes = draw(normal(1));
  const signs = draw(normal(1), { name: "v" });
  assert.deepEqual(
    draw(opposite(normal(1), drawnAs("v", normal(1)))),
    magnitudes.map((value, index) => -Math.sign(signs[index]!) * Math.abs(value)),
  );
  assert.deepEqual(draw({ kind: "diagonal", value: 7, others: constantValue(1) }), [
    ...[7, 1, 1, 1],
    ...[1, 7, 1, 1],
    ...[1, 1, 7, 1],
  ]);
  const replicas: Initializer = { kind: "byReplica", values: [constantValue(1), normal(1)] };
  assert.deepEqual(draw(replicas), Array(12).fill(1));
  assert.deepEqual(draw(replicas, { replica: 1 }), magnitudes);
  assert.throws(() => draw(replicas, { replica: 2 }), {
    name: "RangeError",
    message: '"w" has no values of replica 2',
  });
  const steps = computed((out, { steps, step }) => out.fill(10 * steps + step));
  assert.deepEqual(draw(steps), Array(12).fill(72));
});

Deno.test("first values: a constant is told without drawing", () => {
  assert.equal(constantOf(constantValue(-1)), -1);
  assert.equal(constantOf(constantValue(0.1)), Math.fround(0.1));
  const others = [normal(1), uniform(0, 1), bernoulli(1), computed((out) => out.fill(1))];
  for (const initializer of others) assert.equal(constantOf(initializer), undefined);
});
