/** The binding network against plain loops, and what its memories hold. */
import assert from "node:assert/strict";
import { initialValues } from "../core/backends/initial_values.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { crossEntropy } from "../core/losses/cross_entropy.ts";
import { randomStream } from "../core/random.ts";
import { checkGradient } from "../core/training/check_gradient.ts";
import { findTask } from "../tasks/mod.ts";
import { bptt } from "../updaters/bptt.ts";
import { binding } from "./binding.ts";

const symbols = 5;
const text = [0, 3, 3, 1, 0, 3, 1, 4];
const sizes = { feature_size: 3, key_size: 6, hidden_size: 4 };

type Vector = number[];
type Parameters = Readonly<Record<string, Float32Array>>;

const dot = (a: Vector, b: Vector) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** W x + b. */
function affine(p: Parameters, name: string, x: Vector): Vector {
  const weight = [...p[`${name}/weight`]!];
  return [...p[`${name}/bias`]!].map((bias, post) =>
    bias + dot(weight.slice(post * x.length, (post + 1) * x.length), x)
  );
}

/** Abramowitz and Stegun 7.1.26 is too rough: the error function by its series, for |x| < 4. */
function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; n < 80; n++) {
    term *= -x * x / n;
    sum += term / (2 * n + 1);
  }
  return 2 / Math.sqrt(Math.PI) * sum;
}

/** The logits of each step, from the equations at the top of binding.ts. */
function plainLogits(
  p: Parameters,
  { keep, rate, hebb }: { keep: number; rate: number; hebb: boolean },
): Vector[] {
  const { feature_size: features, key_size } = sizes;
  const memory = () => Array.from({ length: features }, () => Array<number>(key_size).fill(0));
  const memories = [1, 2].map((n) => ({ n, forward: memory(), backward: memory() }));
  const past = [0, 1].map(() => Array<number>(features).fill(0));
  const key = (...window: Vector[]) => {
    const raw = affine(p, `key${window.length}`, window.flat()).map((x) => Math.max(0, x));
    const length = Math.sqrt(dot(raw, raw));
    return raw.map((x) => length > 0 ? x / length : 0);
  };
  const recall = (m: Vector[], k: Vector) => m.map((row) => dot(row, k));
  const bind = (m: Vector[], value: Vector, k: Vector) => {
    const expected = recall(m, k);
    m.forEach((row, i) => {
      const change = rate * (value[i]! - (hebb ? 0 : expected[i]!));
      k.forEach((x, j) => row[j] = keep * row[j]! + change * x);
    });
  };
  return text.map((symbol) => {
    const oneHot = Array.from({ length: symbols }, (_, c) => c === symbol ? 1 : 0);
    const now = affine(p, "embed", oneHot).map(Math.tanh);
    const window = [now, ...past];
    const asked = (n: number) => key(...window.slice(0, n));
    const recalled = [
      ...memories.map(({ n, forward }) => recall(forward, asked(n))),
      ...memories.map(({ n, backward }) => recall(backward, asked(n))),
    ];
    for (const { n, forward, backward } of memories) {
      bind(forward, now, key(...window.slice(1, n + 1)));
      bind(backward, window[n]!, key(...window.slice(0, n).reverse()));
    }
    const read = [...now, ...past[0]!, ...recalled.flat()];
    const inner = affine(p, "linear0", read).map((x) => x * (1 + erf(x / Math.SQRT2)) / 2);
    past.unshift(now);
    past.pop();
    return affine(p, "i2o", [...inner, ...read]);
  });
}

for (const write of ["delta", "hebb"] as const) {
  Deno.test(`binding, ${write}: logits as in plain loops`, async () => {
    const settings = { symbols, ...sizes, write, write_rate: 0.75, keep: 0.5 };
    const model = binding.instantiate(settings);
    const extents = { replicas: 1, sequences: 1, steps: text.length };
    const program = bptt.build({ model, loss: crossEntropy, extents, probe: true }, {});
    const engine = await referenceBackend().prepare(program);
    const random = randomStream({ seed: 5 });
    const parameters = Object.fromEntries(
      Object.entries(model.parameters).map(([name, { shape }]) => {
        const values = initialValues(program, name, [3]);
        // Biases and the output start at 0, which would hide them.
        if (shape.length > 0) values.forEach((x, i) => values[i] = x + 0.3 * random.normal());
        engine.write(name, values);
        return [name, values];
      }),
    );
    engine.write("symbol", Float32Array.from(text));
    for (const name of ["target", "mask", "recall", "last"]) {
      engine.write(name, new Float32Array(text.length));
    }
    await engine.run("train", { iterations: 1 });
    const found = (await engine.read(["probe/output"])).get("probe/output")!;
    engine.close();
    const hebb = write === "hebb";
    const expected = plainLogits(parameters, { keep: 0.5, rate: 0.75, hebb }).flat();
    expected.forEach((x, i) => assert.ok(Math.abs(x - found[i]!) < 1e-5, `${i}: ${x} ${found[i]}`));
    const without = plainLogits(parameters, { keep: 0, rate: 0, hebb }).flat();
    assert.ok(expected.some((x, i) => Math.abs(x - without[i]!) > 0.1), "the memories matter");
  });
}

Deno.test("binding: gradients are those of central differences", async () => {
  const task = findTask("2_palindrome_vary").build();
  const model = binding.instantiate({ ...task.sizes, ...sizes, num_layers: 2 });
  const program = bptt.build({
    model,
    loss: task.loss,
    extents: { replicas: 1, sequences: 2, steps: task.steps },
  }, { learning_rate: 1e-3 });
  for (const { parameter, error } of await checkGradient({ program, loss: task.loss, task })) {
    assert.ok(error < 1e-6, `${parameter}: ${error}`);
  }
});

Deno.test("binding: no memory, no layer, one symbol are networks too", () => {
  const least = { forward: [], backward: [], num_layers: 0, input_mode: "last_one" } as const;
  const { state, parameters } = binding.instantiate({ symbols, ...least });
  assert.deepEqual(Object.keys(state), []);
  assert.deepEqual(parameters["i2o/weight"]!.shape, [symbols, 32]);
  assert.throws(
    () => binding.instantiate({ symbols, forward: [1, 1] }),
    /each number once/,
  );
});
