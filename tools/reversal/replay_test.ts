/** The float64 step against the engine: over a training in float64, and in float32. */
import assert from "node:assert/strict";
import {
  crossEntropy,
  drawSequence,
  ethereal,
  findTask,
  openBackend,
  updaters,
} from "../../mod.ts";
import { initialValues } from "../../core/backends/initial_values.ts";
import { isPersistent } from "../../core/backends/layout.ts";
import { BOUND, readFastNetwork, type Tensors } from "./fast_network.ts";
import { variant } from "./variant.ts";
import { replayed, run, weightsAfter } from "./replay.ts";

const task = findTask("3_palindrome_vary").build();
const published = {
  num_layers: 2,
  residual_connection: false,
  enable_recurrence: false,
  input_mode: "last_two",
} as const;
const plasticity = { symbols: 9, hidden_size: 7, plast_clip: 100, plast_proportion: 0.3 };
const variants = { mask: "units", memory: true } as const;
const models = {
  ethereal: ethereal.instantiate({ ...published, ...plasticity }),
  variant: variant.instantiate({ ...variants, ...plasticity }),
};

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

async function compare(name: keyof typeof models, device: "reference" | "cpu", bound: number) {
  const learning = {
    model: models[name],
    loss: crossEntropy,
    extents: { replicas: 1, sequences: 1, steps: task.steps },
    probe: true,
  };
  const program = updaters.dfa.build(learning, { learning_rate: 0.02, clip_weights: BOUND });
  using opened = await openBackend({ device, threads: 1 });
  using engine = await opened.backend.prepare(program);
  const kept = [...program.slots.values()].filter(isPersistent).map(({ name }) => name);
  for (const slot of kept) engine.write(slot, initialValues(program, slot, [3]));
  for (const { sequence, text } of drawn) {
    const before: Tensors = new Map(
      [...await engine.read(kept)].map(([slot, data]) => {
        return [slot, { shape: [1, 1, ...program.slots.get(slot)!.shape], data }];
      }),
    );
    const network = readFastNetwork(before, { replica: 0, memory: name === "variant" });
    const steps = run(network, text);
    for (const input of Object.keys(task.inputs)) {
      if (program.slots.has(input)) engine.write(input, sequence[input]!);
    }
    await engine.run("train", { iterations: 1 });
    const slots = ["probe/output", "linear0/weight", "linear1/weight", "i2o/weight", "i2o/bias"];
    const after = await engine.read(slots);
    steps.forEach(({ logits }, at) => {
      assert.deepEqual(replayed(network, steps, at).logits, logits);
    });
    const { weights, biases } = weightsAfter(network, steps, steps.length);
    const ours = [steps.flatMap(({ logits }) => [...logits]), ...weights, biases.at(-1)!];
    slots.forEach((slot, index) => assertNear(ours[index]!, after.get(slot)!, bound));
  }
}

for (const name of ["ethereal", "variant"] as const) {
  for (const [device, bound] of [["reference", 1e-12], ["cpu", 2e-5]] as const) {
    Deno.test(`step and write of ${name} are those of the engine on ${device}`, () =>
      compare(name, device, bound));
  }
}
