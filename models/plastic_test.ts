/** The plastic networks against plain loops, and their options. */
import assert from "node:assert/strict";
import { initialValues } from "../core/backends/initial_values.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { patternError } from "../core/losses/pattern_error.ts";
import { drawInitial } from "../core/program/draw_initial.ts";
import { checkGradient } from "../core/training/check_gradient.ts";
import { bptt } from "../updaters/bptt.ts";
import { autoAssociative } from "../tasks/auto_associative.ts";
import { randomStream } from "../core/random.ts";
import { findModel, models } from "./mod.ts";

const n = 5;
const steps = 7;

type Rule = (hebb: number, post: number, pre: number, y: readonly number[]) => number;

/** What each model's trace becomes, read off the published equations. */
const rules: Readonly<Record<string, { config: object; rule: (p: Parameters) => Rule }>> = {
  plastic_rnn: {
    config: { eta: 0.8, alpha_initial: "normal", alpha_scale: 0.8, autapse: true },
    rule: () => (hebb, post, pre) => 0.8 * hebb + 0.2 * post * pre,
  },
  oja_rnn: {
    config: { eta: 0.3, train_eta: true, alpha_scale: 2 },
    rule: ({ eta }) => (hebb, post, pre) => hebb + eta![0]! * post * (pre - post * hebb),
  },
  neuromodulated_rnn: {
    config: { modulator_scale: 2, modulator_bias: 0.7, alpha_scale: 2 },
    rule: ({ readout, readout_bias }) => (hebb, post, pre, y) => {
      const signal = y.reduce((sum, each, i) => sum + readout![i]! * each, readout_bias![0]!);
      return Math.max(-1, Math.min(1, hebb + Math.tanh(signal) * post * pre));
    },
  },
};
type Parameters = Readonly<Record<string, ArrayLike<number>>>;

function prepared(name: string, config: object) {
  const model = findModel(name).instantiate({ inputs: n, ...config });
  const program = bptt.build({
    model,
    loss: patternError(n - 1),
    extents: { replicas: 1, sequences: 1, steps },
    probe: true,
  }, { learning_rate: 1e-9 });
  const parameters = Object.fromEntries(
    Object.keys(model.parameters).map((key) => [key, initialValues(program, key, [3])]),
  );
  return { program, parameters, model };
}

for (const [name, { config, rule }] of Object.entries(rules)) {
  Deno.test(`${name}: activity and traces as in plain loops`, async () => {
    const { program, parameters } = prepared(name, config);
    const engine = await referenceBackend().prepare(program);
    for (const [key, { kind }] of program.slots) {
      if (kind === "constant" || kind === "parameter") {
        engine.write(key, initialValues(program, key, [3]));
      }
    }
    const random = randomStream({ seed: 4 });
    const x = Float32Array.from({ length: steps * n }, () => 2 * random.normal());
    engine.write("x", x);
    for (const key of ["target", "erased", "weight"]) {
      engine.write(key, new Float32Array(steps * (key === "weight" ? 1 : n - 1)));
    }
    await engine.run("train", { iterations: 1 });
    const found = (await engine.read(["probe/output"])).get("probe/output")!;
    engine.close();
    const { w, alpha } = parameters as { w: Float32Array; alpha: Float32Array };
    const next = rule(parameters);
    let [y, previous] = [Array<number>(n).fill(0), Array<number>(n).fill(0)];
    const hebb = Array<number>(n * n).fill(0);
    for (let t = 0; t < steps; t++) {
      const shown = y.map((_, i) => {
        let sum = x[t * n + i]!;
        for (let j = 0; j < n; j++) {
          const place = i * n + j;
          hebb[place] = next(hebb[place]!, y[i]!, previous[j]!, y);
          sum += (w[place]! + alpha[place]! * hebb[place]!) * y[j]!;
        }
        return Math.tanh(sum);
      });
      [previous, y] = [y, shown];
      // The reference has the polynomial of all backends for tanh.
      y.forEach((value, i) => assert.ok(Math.abs(value - found[t * n + i]!) < 1e-6, `${t}, ${i}`));
    }
    assert.ok(hebb.some((value) => Math.abs(value) > 0.05), "the traces are not all near 0");
  });

  Deno.test(`${name}: gradients are those of central differences`, async () => {
    const task = autoAssociative.build({
      pattern_size: 8,
      patterns: 2,
      presentation_time: 2,
      delay: 1,
      test_time: 2,
      input_gain: 1,
      bias_input: 0.5,
    });
    // Tame enough for a difference to be a slope.
    const tame = { w_deviation: 0.3, alpha_scale: 0.4 };
    const gentle = name === "neuromodulated_rnn" ? { modulator_scale: 0.2 } : {};
    const settings = { ...config, ...task.sizes, ...tame, ...gentle };
    const model = findModel(name).instantiate(settings);
    const program = bptt.build({
      model,
      loss: task.loss,
      extents: { replicas: 1, sequences: 2, steps: task.steps },
    }, { learning_rate: 1e-3 });
    for (const { parameter, error } of await checkGradient({ program, loss: task.loss, task })) {
      assert.ok(error < 1e-6, `${parameter}: ${error}`);
    }
  });
}

Deno.test("plastic networks: first values, diagonals and what is trained", () => {
  const big = 40;
  for (const name of Object.keys(rules)) {
    const deviation = (values: ArrayLike<number>) =>
      Math.sqrt(Array.from(values, (x) => x * x).reduce((a, b) => a + b) / values.length);
    const drawn = (config: object, key: string) => {
      const model = findModel(name).instantiate({ inputs: big, ...config });
      const { shape, initial, trained, diagonal } = model.parameters[key]!;
      const out = new Float32Array(big * big);
      drawInitial(initial, out, { shape, name: key, seed: 1, replica: 0, steps: 1, step: 0 });
      return { out, trained, diagonal };
    };
    assert.ok(Math.abs(deviation(drawn({}, "w").out) / (1.1 / Math.sqrt(big)) - 1) < 0.05);
    assert.ok(Math.abs(deviation(drawn({ w_deviation: 0.01 }, "w").out) / 0.01 - 1) < 0.05);
    const { out: small, trained, diagonal } = drawn({}, "alpha");
    assert.deepEqual([trained, diagonal], [true, 0]);
    assert.ok(small.every((x, place) => place % (big + 1) === 0 ? x === 0 : x >= 0 && x <= 0.01));
    const { out: large, diagonal: none } = drawn(
      { alpha_initial: "normal", autapse: true },
      "alpha",
    );
    assert.equal(none, undefined);
    assert.ok(large[0] !== 0 && large.some((x) => x < 0));
    assert.ok(Math.abs(deviation(large) / 0.01 - 1) < 0.05);
    const off = drawn({ plasticity: false }, "alpha");
    assert.ok(!off.trained && off.out.every((x) => x === 0));
  }
  const { plastic_rnn: plain } = models;
  assert.ok(!("eta" in plain!.instantiate({}).parameters));
  assert.ok(plain!.instantiate({ train_eta: true }).parameters["eta"]!.trained);
});
