/** What the Ethereal and the simple RNN declare for their inputs, output layers and first weights. */
import assert from "node:assert/strict";
import { initialValues } from "../core/backends/initial_values.ts";
import { crossEntropy } from "../core/losses/cross_entropy.ts";
import { bptt } from "../updaters/bptt.ts";
import { ethereal } from "./ethereal.ts";
import { simpleRnn } from "./simple_rnn.ts";

const symbols = 5;
const program = (settings: Parameters<typeof ethereal.instantiate>[0]) =>
  bptt.build({
    model: ethereal.instantiate({ symbols, ...settings }),
    loss: crossEntropy,
    extents: { replicas: 1, sequences: 1, steps: 3 },
  });

Deno.test("initial_weights uniform: within 1/sqrt(fan in), with the variance of a uniform", () => {
  const built = program({ initial_weights: "uniform", hidden_size: 59, layout: "tapped" });
  for (const [name, fanIn] of [["linear0", 64], ["i2h", 64], ["i2o", 59]] as const) {
    const values = initialValues(built, `${name}/weight`, [1]);
    const bound = 1 / Math.sqrt(fanIn);
    assert.ok(values.every((value) => Math.abs(value) <= bound * (1 + 1e-6)), name);
    const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    assert.ok(Math.abs(variance / (bound ** 2 / 3) - 1) < 0.25, `${name}: ${variance}`);
  }
});

Deno.test("recurrent_initial orthogonal: what reads the state or a layer keeps its size, twice before relu", () => {
  const model = simpleRnn.instantiate({
    symbols,
    hidden_size: 16,
    recurrent_initial: "orthogonal",
  });
  const extents = { replicas: 1, sequences: 1, steps: 3 };
  const built = bptt.build({ model, loss: crossEntropy, extents });
  const gains = [["linear_layers/0", 2], ["linear_layers/1", 2], ["i2h", 1]] as const;
  for (const [name, power] of gains) {
    const values = initialValues(built, `${name}/weight`, [1]);
    const pre = values.length / 16;
    const rowOf = (row: number) => values.slice(row * pre + pre - 16, (row + 1) * pre);
    for (let i = 0; i < 16; i++) {
      for (let j = 0; j < 16; j++) {
        const product = rowOf(i).reduce((sum, value, k) => sum + value * rowOf(j)[k]!, 0);
        assert.ok(Math.abs(product - (i === j ? power : 0)) < 1e-5, `${name} ${i} ${j}`);
      }
    }
    assert.ok(initialValues(built, `${name}/bias`, [1]).every((value) => value === 0), name);
  }
  const first = initialValues(built, "linear_layers/0/weight", [1]);
  const input = first.filter((_, index) => index % (symbols + 16) < symbols);
  assert.ok(input.every((value) => Math.abs(value) <= 1));
  assert.ok(Math.max(...input.map(Math.abs)) > 0.9);
});

Deno.test("layout tapped: the heads of both networks read h", () => {
  const tapped = { symbols, hidden_size: 7, num_layers: 1, layout: "tapped" } as const;
  const shapeOf = (name: string) => ethereal.instantiate(tapped).parameters[name]!.shape;
  assert.deepEqual(shapeOf("i2o/weight"), [symbols, 7]);
  assert.deepEqual(shapeOf("self_grad/weight"), [symbols, 7]);
  assert.deepEqual(shapeOf("i2h/weight"), [7, symbols + 7]);
  assert.deepEqual(simpleRnn.instantiate(tapped).parameters["i2o/weight"]!.shape, [symbols, 7]);
  for (const model of [ethereal, simpleRnn]) {
    assert.throws(
      () => model.instantiate({ ...tapped, output_tanh: true }),
      /expected false with layout tapped, whose output layer reads a tanh already/,
    );
  }
});

Deno.test("input: both networks read the symbol, the previous one and the position", () => {
  const input = { symbols, input_mode: "last_two", positional_encoding_dim: 4 } as const;
  const sizes = { hidden_size: 3, num_layers: 1 };
  const pre = 2 * symbols + 4 + 3;
  const of = (model: typeof ethereal | typeof simpleRnn) =>
    model.instantiate({ ...input, ...sizes }).parameters;
  assert.deepEqual(of(ethereal)["linear0/weight"]!.shape, [pre, pre]);
  assert.deepEqual(of(simpleRnn)["linear_layers/0/weight"]!.shape, [3, pre]);
  const model = simpleRnn.instantiate({ ...input, ...sizes });
  const extents = { replicas: 1, sequences: 1, steps: 3 };
  const positions = initialValues(bptt.build({ model, loss: crossEntropy, extents }), "position", [
    1,
  ]);
  const expected = [0, 1, 2].flatMap((t) => [
    ...[Math.sin(t), Math.cos(t), Math.sin(t / 100), Math.cos(t / 100)],
  ]);
  expected.forEach((value, index) => assert.ok(Math.abs(positions[index]! - value) < 1e-7));
});
