/** Whole trainings in closed loop: levels, replicas that diverge, and a bandit that is learned. */
import assert from "node:assert/strict";
import actorCritic from "../../examples/own/actor_critic.ts";
import bandit from "../../examples/own/bandit.ts";
import { hybrid } from "../../models/hybrid.ts";
import { models } from "../../models/mod.ts";
import { continualScene } from "../../tasks/continual_scene.ts";
import { findTask } from "../../tasks/mod.ts";
import { findUpdater } from "../../updaters/mod.ts";
import { cpuBackend } from "../backends/cpu/cpu.ts";
import { referenceBackend } from "../backends/reference/reference.ts";
import type { ModelInstance } from "../program/model.ts";
import { sideBySide } from "../program/side_by_side.ts";
import { programFor } from "./open_batches.ts";
import type { Task } from "./task.ts";
import { indifferent } from "./testing/closed_tasks.ts";
import { train } from "./train.ts";
import type { TrainResult } from "./train_options.ts";
import { persistentSlots } from "./training_session.ts";

function programOf(
  task: Task,
  model: ModelInstance,
  { replicas = 2, sequences = 2, steps = task.steps, rate = 0.01, optimizer = "adam" } = {},
) {
  const extents = { replicas, sequences, steps };
  const settings = { optimizer, learning_rate: rate };
  return programFor(task, findUpdater("bptt").build({ model, loss: task.loss, extents }, settings));
}

async function endOf({ engine, divergences, metrics }: TrainResult) {
  const tensors = await engine.read(persistentSlots(engine));
  engine.close();
  return { divergences, metrics, tensors };
}

Deno.test("closed loop: replicas at levels of their own, as drawn", async () => {
  const drawn = continualScene.build({
    ...{ vec_len: 5, scene_time: 1, variation: 0, interval: 5, max_interval: 8 },
    ...{ acc_threshold: 0, acc_num: 2 },
  });
  const model = hybrid.instantiate({
    inputs: 5,
    hidden_dims: [3, 2],
    plastic_types: ["M", "A"],
    hetero_rates: [0.5, 0],
  });
  const levels = { ...drawn.levels!, at: (level: number) => indifferent(drawn.levels!.at(level)) };
  const run = async (task: Task) => {
    const lengths: number[] = [];
    const prepare = (steps: number) => {
      lengths.push(steps);
      return referenceBackend().prepare(programOf(task, model, { steps }));
    };
    const engine = await prepare(task.steps);
    const options = { engine, prepare, task, loss: task.loss, seeds: [1, 2], iterations: 12 };
    return { ...await endOf(await train({ ...options, testSequences: 2 })), lengths };
  };
  const [open, played] = [await run(drawn), await run({ ...indifferent(drawn), levels })];
  assert.ok(open.lengths.length > 1, "it moved to another level");
  assert.deepEqual(played, open);
});

Deno.test("closed loop: a replica that diverges is frozen at the same update, as drawn", async () => {
  const drawn = findTask("palindrome").build();
  const model = models["rnn"]!.instantiate({ ...drawn.sizes, hidden_size: 4 });
  const run = async (task: Task) => {
    const [wild, calm] = [1e300, 0.1].map((rate) =>
      programOf(task, model, { rate, optimizer: "sgd" })
    );
    const program = sideBySide(wild!, [wild!.initial, calm!.initial]);
    const engine = await referenceBackend().prepare(program, { chunk: 4 });
    const seeds = [1, 2];
    return endOf(await train({ engine, task, loss: task.loss, seeds, iterations: 30 }));
  };
  const [open, played] = [await run(drawn), await run(indifferent(drawn))];
  assert.deepEqual(open.divergences.map(({ replica }) => replica), [0]);
  assert.deepEqual(played, open);
});

Deno.test("closed loop: a plastic network learns to follow the arm that pays", async () => {
  const task = bandit.build({ steps: 30 });
  const model = actorCritic.instantiate({ ...task.sizes, hidden: 12 });
  const program = programOf(task, model, { replicas: 1, sequences: 32, rate: 0.02 });
  const engine = await cpuBackend({ threads: 1 }).prepare(program);
  const { metrics } = await endOf(
    await train({ engine, task, loss: task.loss, seeds: [1], iterations: 150, testSequences: 96 }),
  );
  // Chance is 0.5; who knows the rules of the game and reckons by them gets 0.80.
  assert.ok(Number(metrics["test/reward"]) > 0.7, `reward ${metrics["test/reward"]}`);
});
