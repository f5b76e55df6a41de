/** What optimizers, schedules and accumulated batches remember goes on with the same bits after a resume. */
import assert from "node:assert/strict";
import { simpleRnn } from "../../models/simple_rnn.ts";
import { palindrome } from "../../tasks/palindrome.ts";
import type { BpttSettings } from "../../updaters/settings.ts";
import { updaters } from "../../updaters/mod.ts";
import { cpuBackend } from "../backends/cpu/cpu.ts";
import type { Program } from "../program/program.ts";
import { sideBySide } from "../program/side_by_side.ts";
import { train } from "./train.ts";
import type { TrainState } from "./train_options.ts";

const task = palindrome.build();
const model = simpleRnn.instantiate({ ...task.sizes, hidden_size: 4, num_layers: 1 });
const iterations = 11;

const build = (settings: BpttSettings, replicas = 1) =>
  updaters.bptt.build({
    ...{ model, loss: task.loss, iterations },
    extents: { replicas, sequences: 2, steps: task.steps },
  }, settings);

/** The states of all iterations. */
async function states(program: Program, resume?: TrainState): Promise<TrainState[]> {
  const kept: TrainState[] = [];
  const engine = await cpuBackend({ threads: 1 }).prepare(program, { chunk: 4 });
  const seeds = Array.from({ length: program.extents.replicas }, () => 3);
  await train({
    ...{ engine, task, loss: task.loss, seeds, iterations, checkpointEvery: 1 },
    ...resume ? { resume } : {},
    hooks: { onCheckpoint: (state) => void kept.push(state) },
  });
  engine.close();
  return kept;
}

const cases: readonly BpttSettings[] = [
  { optimizer: "adamw", schedule: "cosine", warm_up: 3, weight_decay: 0.1 },
  { optimizer: "rmsprop", centered: true, momentum: 0.9, schedule: "one_cycle" },
  { optimizer: "lion", accumulate_batches: 3, schedule: "step", step_size: 4 },
  { optimizer: "sgd", momentum: 0.9, nesterov: true, accumulate_batches: 2 },
];

for (const settings of cases) {
  Deno.test(`resumed anywhere, the same bits: ${JSON.stringify(settings)}`, async () => {
    const program = build(settings);
    const whole = await states(program);
    for (const at of [1, 2, 6]) {
      const rest = await states(program, whole[at]);
      assert.deepEqual(rest.at(-1)!.tensors, whole.at(-1)!.tensors, `at ${at}`);
    }
  });
}

Deno.test("rates side by side under a schedule have the bits of each alone", async () => {
  const settings = { optimizer: "adam", schedule: "linear", warm_up: 2 } as const;
  const rates = [0.1, 0.003];
  const alone = rates.map((learning_rate) => build({ ...settings, learning_rate }));
  const both = rates.map((learning_rate) => build({ ...settings, learning_rate }, 2));
  const together = (await states(sideBySide(both[0]!, both.map(({ initial }) => initial)))).at(-1)!;
  for (const [replica, program] of alone.entries()) {
    for (const [name, values] of (await states(program)).at(-1)!.tensors) {
      const all = together.tensors.get(name)!;
      const size = all.length / 2;
      assert.deepEqual(all.slice(replica * size, (replica + 1) * size), values, name);
    }
  }
});
