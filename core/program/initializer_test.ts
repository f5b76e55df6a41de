/** First values: what each kind draws, number by number, and what is told without drawing. */
import assert from "node:assert/strict";
import { fillNormal, randomStream, streamOf } from "../random.ts";
import { matrix, scalar } from "./declaration.ts";
import { drawInitial } from "./draw_initial.ts";
import {
  bernoulli,
  beside,
  blockDiagonal,
  computed,
  constantOf,
  constantValue,
  drawnAs,
  fromArray,
  heNormal,
  heUniform,
  identity,
  type Initializer,
  lecunNormal,
  lecunUniform,
  normal,
  ones,
  opposite,
  orthogonal,
  sparse,
  truncatedNormal,
  uniform,
  xavierNormal,
  xavierUniform,
  zeros,
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

Deno.test("first values: variances that depend on the number of inputs", () => {
  assert.deepEqual(draw(heNormal), draw(normal(Math.SQRT2 / Math.sqrt(4))));
  assert.deepEqual(draw(lecunNormal), draw(normal(1 / Math.sqrt(4))));
  assert.deepEqual(draw(lecunUniform), draw(uniform(-Math.sqrt(3 / 4), Math.sqrt(3 / 4))));
  const bound = Math.SQRT2 * Math.sqrt(3 / 4);
  assert.deepEqual(draw(heUniform), draw(uniform(-bound, bound)));
  const shape = [100, 50] as const;
  const variance = (initializer: Initializer) =>
    draw(initializer, { shape }).reduce((sum, value) => sum + value ** 2, 0) / 5000;
  // The deviation of a mean of 5000 squares is 2% of it for normal numbers, 1.3% for uniform ones.
  for (
    const [initializer, wanted] of [[heNormal, 2], [heUniform, 2], [lecunNormal, 1], [
      lecunUniform,
      1,
    ]] as const
  ) {
    assert.ok(Math.abs(variance(initializer) * 50 / wanted - 1) < 0.08);
  }
});

Deno.test("first values: normal numbers without tails", () => {
  const shape = [100, 50] as const;
  const values = draw(truncatedNormal(0.1), { shape });
  assert.ok(values.every((value) => Math.abs(value) <= 0.2 + 1e-8));
  assert.ok(values.some((value) => Math.abs(value) > 0.19));
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
  // sqrt(1 - 2 · 2 φ(2) / (2 Φ(2) - 1)) = .8796
  assert.ok(Math.abs(deviation / 0.1 - 0.8796) < 0.03, `${deviation}`);
  assert.deepEqual(draw(truncatedNormal(1, 9)), draw(normal(1)));
  assert.throws(() => draw(truncatedNormal(1, 0)), /expected a bound above 0, got 0/);
});

Deno.test("first values: orthogonal rows or columns, in all directions", () => {
  for (const shape of [[5, 5], [3, 8], [8, 3]] as const) {
    const [post, pre] = shape;
    const q = draw(orthogonal(2), { shape });
    const byRow = post <= pre;
    const vector = (i: number) =>
      Array.from(
        { length: Math.max(post, pre) },
        (_, k) => byRow ? q[i * pre + k]! : q[k * pre + i]!,
      );
    for (let i = 0; i < Math.min(post, pre); i++) {
      for (let j = 0; j <= i; j++) {
        const [a, b] = [vector(i), vector(j)];
        const product = a.reduce((sum, value, k) => sum + value * b[k]!, 0);
        assert.ok(Math.abs(product - (i === j ? 4 : 0)) < 1e-6, `${shape}: ${i}, ${j}: ${product}`);
      }
    }
  }
  // Of 400 signs of a first number, half are negative: a QR without a sign rule has one sign alone.
  const negative =
    Array.from({ length: 400 }, (_, seed) => draw(orthogonal(), { shape: [2, 2], seed })[0]!)
      .filter((value) => value < 0).length;
  assert.ok(Math.abs(negative - 200) < 40, `${negative}`);
  const out = new Float32Array(3);
  const context = { shape: [3] as const, name: "v", seed: 1, replica: 0, steps: 1, step: 0 };
  assert.throws(
    () => drawInitial(orthogonal(), out, context),
    { message: "vector(3): orthogonal expects a matrix" },
  );
});

Deno.test("first values: places in a matrix", () => {
  assert.deepEqual(draw(identity(2), { shape: [2, 3] }), [2, 0, 0, 0, 2, 0]);
  const dense = draw(normal(1), { shape: [40, 10] });
  const rows = draw(sparse(3, normal(1)), { shape: [40, 10] });
  const counts = new Array(10).fill(0);
  for (let row = 0; row < 40; row++) {
    const places = dense.slice(10 * row, 10 * row + 10).map((value, i) =>
      rows[10 * row + i] === value
    );
    assert.equal(places.filter(Boolean).length, 3);
    places.forEach((isKept, i) => counts[i] += Number(isKept));
  }
  // 120 places in 10 columns: 12 each, with deviation 2.9.
  assert.ok(counts.every((count) => count > 1 && count < 24), counts.join());
  assert.throws(
    () => draw(sparse(5, ones)),
    { message: "matrix(3, 4): sparse expects a matrix with at least 5 columns" },
  );
  const blocks = draw(blockDiagonal(2, normal(1)), { shape: [2, 4] });
  assert.deepEqual(blocks, [
    ...draw(normal(1), { shape: [1, 2], name: "w/0" }),
    ...[0, 0, 0, 0],
    ...draw(normal(1), { shape: [1, 2], name: "w/1" }),
  ]);
  assert.throws(
    () => draw(blockDiagonal(2, ones)),
    { message: "matrix(3, 4): blockDiagonal: there are no 2 equal blocks" },
  );
  const both = draw(beside(normal(1), { columns: 2, last: identity(3) }), { shape: [2, 3] });
  const [first, second] = draw(normal(1), { shape: [2, 1], name: "w/others" });
  assert.deepEqual(both, [first, 3, 0, second, 0, 3]);
  for (const columns of [0, 4, 1.5]) {
    assert.throws(
      () => draw(beside(ones, { columns, last: ones })),
      { message: `matrix(3, 4): beside: expected 1 to 3 columns of a matrix, got ${columns}` },
    );
  }
});

Deno.test("first values: given numbers", () => {
  const rows = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 0.1]];
  assert.deepEqual(draw(fromArray(rows)), [...rows.flat().slice(0, 11), Math.fround(0.1)]);
  assert.deepEqual(draw(fromArray(rows.flat())), draw(fromArray(new Float32Array(rows.flat()))));
  assert.throws(() => draw(fromArray([1, 2])), {
    message: "matrix(3, 4): fromArray has 2 numbers",
  });
  const wide = rows.flat().slice(0, 6);
  assert.throws(
    () => draw(fromArray([wide, wide])),
    { message: "matrix(3, 4): fromArray has a matrix(2, 6)" },
  );
  assert.throws(() => fromArray([[1, 2], [3]]), {
    name: "RangeError",
    message: "fromArray: row 1 has 1 numbers, row 0 has 2",
  });
  assert.throws(() => fromArray([1, NaN]), { message: "fromArray: number 1 is NaN" });
  assert.deepEqual(draw(zeros), Array(12).fill(0));
  assert.deepEqual(draw(ones), Array(12).fill(1));
});

Deno.test("first values: what is none, and shares that are none, are refused", () => {
  const wrong: readonly [initial: unknown, got: string][] = [
    [orthogonal, "a function; is it to be called?"],
    [0.3, "0.3"],
    ["normal", 'the text "normal"'],
  ];
  for (const [initial, got] of wrong) {
    assert.throws(() => matrix(2, 2, initial as Initializer), {
      name: "TypeError",
      message: `Expected an initializer, such as normal(0.1), got ${got}`,
    });
  }
  assert.throws(() => scalar(normal(1) as unknown as number), {
    message: "scalar: expected a number, got an object",
  });
  const unfit: readonly [initial: Initializer, says: RegExp][] = [
    [bernoulli(2), /expected a probability from 0 to 1, got 2/],
    [sparse(1.5, ones), /expected a whole number of inputs, got 1.5/],
    [normal(NaN), /expected a finite number as deviation, got NaN/],
    [uniform(0, Infinity), /expected a finite number as high, got Infinity/],
    [blockDiagonal(2, drawnAs("v", fromArray([1]))), /^matrix\(1, 2\): fromArray has 1 numbers/],
    [opposite(ones, bernoulli(-1)), /probability/],
    [beside(ones, { columns: 1, last: normal(NaN) }), /^matrix\(2, 1\): normal: /],
  ];
  for (const [initial, message] of unfit) {
    assert.throws(() => matrix(2, 4, initial), { name: "RangeError", message });
    assert.throws(() => draw(initial, { shape: [2, 4] }), { message });
  }
});

Deno.test("first values: the same seed gives the same bits, whatever else is drawn", () => {
  const all = [truncatedNormal(1), heNormal, heUniform, lecunNormal, lecunUniform, orthogonal()];
  for (const initializer of [...all, sparse(2, normal(1))]) {
    const values = draw(initializer);
    draw(initializer, { name: "v" });
    assert.deepEqual(draw(initializer), values);
    assert.notDeepEqual(draw(initializer, { name: "v" }), values);
    assert.notDeepEqual(draw(initializer, { seed: 6 }), values);
    assert.deepEqual(draw(structuredClone(initializer)), values);
  }
});

Deno.test("first values: a constant is told without drawing", () => {
  assert.equal(constantOf(constantValue(-1)), -1);
  assert.equal(constantOf(constantValue(0.1)), Math.fround(0.1));
  const others = [normal(1), uniform(0, 1), bernoulli(1), computed((out) => out.fill(1))];
  for (const initializer of others) assert.equal(constantOf(initializer), undefined);
});
