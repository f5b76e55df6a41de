/** The float64 step against the engine: over a training in float64, and in float32. */
import assert from "node:assert/strict";
import { crossEntropy, drawSequence, ethereal, findTask, openBackend, updaters } from "../../mod.ts";
import { initialValues } from "../../core/backends/initial_values.ts";
import { isPersistent } from "../../core/backends/layout.ts";
import { readFastNetwork, type Tensors } from "./fast_network.ts";
import { replayed, run, weightsAfter } from "./replay.ts";

const task = findTask("3_palindrome_vary").build();
const model = ethereal.instantiate({
  symbols: 9,
  hidden_size: 7,
  num_layers: 2,
  plast_clip: 100,
  plast_proportion: 0.3,
  residual_connection: false,
  enable_recurrence: false,
  input_mode: "last_two",
});
const program = updaters.dfa.build({
  model,
  loss: crossEntropy,
  extents: { replicas: 1, sequences: 1, steps: task.steps },
  probe: true,
}, { learning_rate: 0.02, clip_weights: 1 });

/** Numbers and texts of some sequences. */
const drawn = Array.from({ length: 5 }, (_, index) => {
  const sequence = drawSequence(task, { seed: 3, index });
  return { sequence, text: [...sequence.symbol!, sequence.target!.at(-1)!] };
});

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, bound: number) {
  assert.equal(actual.length, expected.length);
  let [difference, size] = [0, 0];
  for (let i = 0; i < actual.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    size += expected[i]! ** 2;
  }
  const relative = Math.sqrt(difference / size);
  assert.ok(relative <= bound, `relative RMS difference ${relative}, expected ${bound} at most`);
}

for (const [device, bound] of [["reference", 1e-12], ["cpu", 2e-5]] as const) {
  Deno.test(`the float64 step and write are those of the engine on ${device}`, async () => {
    const { backend } = await openBackend({ device, threads: 1 });
    using engine = await backend.prepare(program);
    const kept = [...program.slots.values()].filter(isPersistent).map(({ name }) => name);
    for (const name of kept) engine.write(name, initialValues(program, name, [3]));
    for (const { sequence, text } of drawn) {
      const before: Tensors = new Map(
        [...await engine.read(kept)].map(([name, data]) => {
          return [name, { shape: [1, 1, ...program.slots.get(name)!.shape], data }];
        }),
      );
      const network = readFastNetwork(before, 0);
      const steps = run(network, text);
      for (const name of Object.keys(task.inputs)) {
        if (program.slots.has(name)) engine.write(name, sequence[name]!);
      }
      await engine.run("train", { iterations: 1 });
      const slots = ["probe/output", "linear0/weight", "linear1/weight", "i2o/weight", "i2o/bias"];
      const after = await engine.read(slots);
      steps.forEach(({ logits }, at) => {
        assert.deepEqual(replayed(network, steps, at).logits, logits);
      });
      const { weights, biases } = weightsAfter(network, steps, steps.length);
      const ours = [steps.flatMap(({ logits }) => [...logits]), ...weights, biases.at(-1)!];
      slots.forEach((name, index) => assertNear(ours[index]!, after.get(name)!, bound));
    }
    backend.close();
  });
}
