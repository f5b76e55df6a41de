/** A training with noise: chunks, resumes and other replicas do not change what is drawn. */
import assert from "node:assert/strict";
import { findTask } from "../../tasks/mod.ts";
import { findUpdater, updaters } from "../../updaters/mod.ts";
import { cpuBackend } from "../backends/cpu/cpu.ts";
import { keySlots } from "../program/random_keys.ts";
import { noisyRnn } from "../testing/noisy_model.ts";
import { batchOf, createBatches, inputSlots, taskSlots } from "./batches.ts";
import { train } from "./train.ts";
import type { Task } from "./task.ts";
import type { TrainState } from "./train_options.ts";

const task = findTask("palindrome").build();
const model = noisyRnn.instantiate(task.sizes);
const ITERATIONS = 15;

async function trainOn(
  seeds: readonly number[],
  { chunk, resume, rule = "bptt", tasks = task }: {
    chunk: number;
    resume?: TrainState;
    rule?: string;
    tasks?: Task | readonly Task[];
  },
) {
  const extents = { replicas: seeds.length, sequences: 2, steps: task.steps };
  const config = { learning_rate: 0.01, ...rule === "bptt" && { optimizer: "adam" } };
  const program = findUpdater(rule).build({ model, loss: task.loss, extents }, config);
  const engine = await cpuBackend({ threads: 1 }).prepare(program, { chunk });
  const states: TrainState[] = [];
  const { metrics, divergences } = await train({
    engine,
    task: tasks,
    loss: task.loss,
    seeds,
    iterations: ITERATIONS,
    logEvery: 5,
    evaluationSequences: 4,
    testSequences: 4,
    checkpointEvery: 5,
    hooks: { onCheckpoint: (state) => void states.push(state) },
    ...resume ? { resume } : {},
  });
  engine.close();
  return { metrics, states, divergences };
}

/** The tensors of a state, of one replica. */
const tensorsOf = ({ tensors }: TrainState, replica = 0, replicas = 1) =>
  Object.fromEntries([...tensors].map(([name, values]) => {
    const size = values.length / replicas;
    return [name, [...values.subarray(replica * size, (replica + 1) * size)]];
  }));

for (const rule of ["bptt", "dfa"]) {
  Deno.test(`noise with ${rule}: chunks of 1 and 7 and a resume end with the same bits`, async () => {
    const whole = await trainOn([5], { chunk: 1, rule });
    const chunked = await trainOn([5], { chunk: 7, rule });
    assert.deepEqual(chunked.metrics, whole.metrics);
    const resume = whole.states[0]!;
    assert.equal(resume.iteration, 5);
    assert.ok(![...resume.tensors.keys()].some((name) => name.startsWith("random/")));
    const resumed = await trainOn([5], { chunk: 7, resume, rule });
    for (const other of [chunked, resumed]) {
      assert.deepEqual(tensorsOf(other.states.at(-1)!), tensorsOf(whole.states.at(-1)!));
    }
    assert.deepEqual(resumed.metrics, whole.metrics);
  });
}

Deno.test("noise: a replica among others draws what it draws alone", async () => {
  const [alone, among] = [
    await trainOn([6], { chunk: 3 }),
    await trainOn([5, 6, 7], { chunk: 3 }),
  ];
  assert.deepEqual(tensorsOf(among.states.at(-1)!, 1, 3), tensorsOf(alone.states.at(-1)!));
  assert.notDeepEqual(
    tensorsOf(among.states.at(-1)!, 0, 3),
    tensorsOf(among.states.at(-1)!, 1, 3),
  );
});

Deno.test("noise: going back to find where a replica diverged draws the same numbers again", async () => {
  const poisoned: Task = {
    ...task,
    sequence(random, draw) {
      const sequence = task.sequence(random, draw);
      if (draw.split !== "train" || draw.index !== 17) return sequence;
      // Steps of a weight that float32 just holds: their loss is more.
      return { ...sequence, mask: sequence["mask"]!.map(() => 3e38) };
    },
  };
  const healthy = await trainOn([6], { chunk: 5 });
  const { states, divergences } = await trainOn([6, 5], { chunk: 5, tasks: [task, poisoned] });
  assert.deepEqual(divergences.map(({ replica, iteration }) => [replica, iteration]), [[1, 9]]);
  assert.deepEqual(tensorsOf(states.at(-1)!, 0, 2), tensorsOf(healthy.states.at(-1)!));
});

Deno.test("noise: keys are inputs that no task makes, and they follow seed, split and number", () => {
  const extents = { replicas: 2, sequences: 3, steps: task.steps };
  const program = updaters["bptt"]!.build({ model, loss: task.loss, extents }, {});
  const names = (slots: readonly { name: string }[]) => slots.map(({ name }) => name);
  assert.ok(names(inputSlots(program)).includes(keySlots.sequence));
  assert.ok(!names(taskSlots(program)).some((name) => name.startsWith("random/")));
  assert.equal(batchOf(program), 3);
  const batches = createBatches(program, task, { seeds: [1, 2], chunk: 2 });
  const draw = (
    split: "train" | "test",
    first: number,
    iterations: number,
  ) => [...batches.draw(split, { first, iterations }).get(keySlots.sequence)!];
  const both = draw("train", 4, 2);
  assert.equal(both.length, 2 * 2 * 3 * 4);
  assert.deepEqual(draw("train", 5, 1), both.slice(both.length / 2));
  assert.notDeepEqual(draw("test", 4, 2), both);
  assert.equal(
    new Set(Array.from({ length: 12 }, (_, i) => both.slice(4 * i, 4 * i + 4).join())).size,
    12,
  );
});
