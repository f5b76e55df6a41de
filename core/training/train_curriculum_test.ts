/** A task with levels, trained by `train` and by hand. */
import assert from "node:assert/strict";
import { describeInput } from "../program/input.ts";
import { hybrid } from "../../models/hybrid.ts";
import { continualScene } from "../../tasks/continual_scene.ts";
import { updaters } from "../../updaters/mod.ts";
import type { Backend, Engine, Values } from "../backends/backend.ts";
import { cpuBackend } from "../backends/cpu/cpu.ts";
import { initialValues } from "../backends/initial_values.ts";
import { isPersistent } from "../backends/layout.ts";
import { referenceBackend } from "../backends/reference/reference.ts";
import { drawSequence, type Task } from "./task.ts";
import { train } from "./train.ts";
import type { PassedLevel, TrainResult, TrainState } from "./train_options.ts";

/** R from 5 on: movies of 100, 120, 140 ... steps. */
const taskOf = (settings: Readonly<Record<string, unknown>> = {}): Task =>
  continualScene.build({
    vec_len: 5,
    scene_time: 1,
    variation: 0,
    interval: 5,
    max_interval: 8,
    acc_threshold: 0,
    acc_num: 2,
    ...settings,
  });

const model = hybrid.instantiate({
  inputs: 5,
  hidden_dims: [3, 2],
  plastic_types: ["M", "A"],
  hetero_rates: [0.5, 0],
});

const programOf = (task: Task, { replicas, steps }: { replicas: number; steps: number }) =>
  updaters["bptt"]!.build(
    { model, loss: task.loss, extents: { replicas, sequences: 2, steps } },
    { learning_rate: 0.01, optimizer: "adam" },
  );

const persistent = ({ program }: Engine): string[] =>
  [...program.slots.values()].filter(isPersistent).map(({ name }) => name);

interface Trained {
  readonly result: TrainResult;
  readonly tensors: ReadonlyMap<string, Values>;
  readonly passed: readonly PassedLevel[];
  /** After every iteration. */
  readonly states: readonly TrainState[];
  readonly rows: readonly { readonly iteration: number }[];
  /** T of the engines that were asked for. */
  readonly lengths: readonly number[];
}

async function trainOn(
  backend: Backend,
  { task, seeds, iterations, resume }: {
    task: Task;
    seeds: readonly number[];
    iterations: number;
    resume?: TrainState;
  },
): Promise<Trained> {
  const passed: PassedLevel[] = [];
  const states: TrainState[] = [];
  const rows: { iteration: number }[] = [];
  const lengths: number[] = [];
  const prepare = (steps: number) => {
    lengths.push(steps);
    return backend.prepare(programOf(task, { replicas: seeds.length, steps }));
  };
  const result = await train({
    engine: await prepare(task.steps),
    prepare,
    task,
    loss: task.loss,
    seeds,
    iterations,
    logEvery: 3,
    testSequences: 2,
    checkpointEvery: 1,
    ...resume ? { resume } : {},
    hooks: {
      onLevel: (level) => passed.push(level),
      onCheckpoint: (state) => states.push(state),
      onRow: ({ seconds: _, ...row }) => rows.push(row),
    },
  });
  const tensors = await result.engine.read(persistent(result.engine));
  result.engine.close();
  return { result, tensors, passed, states, rows, lengths };
}

/** One network, with the level of each update given: no curriculum, no batches, no padding. */
async function trainByHand(
  backend: Backend,
  { task, seed, levels }: { task: Task; seed: number; levels: readonly number[] },
): Promise<ReadonlyMap<string, Values>> {
  let tensors: ReadonlyMap<string, Values> | undefined;
  for (const [iteration, level] of levels.entries()) {
    const levelTask = task.levels!.at(level);
    const { steps, inputs } = levelTask;
    const engine = await backend.prepare(programOf(task, { replicas: 1, steps }));
    for (const name of persistent(engine)) {
      engine.write(name, tensors?.get(name) ?? initialValues(engine.program, name, [seed]));
    }
    const movies = [0, 1].map((b) => drawSequence(levelTask, { seed, index: 2 * iteration + b }));
    for (const [name, shape] of Object.entries(inputs)) {
      const size = describeInput(shape).shape[0] ?? 1;
      const values = new Float32Array(2 * steps * size);
      movies.forEach((movie, b) =>
        movie[name]!.forEach((value, at) => {
          const [t, index] = [Math.floor(at / size), at % size];
          values[(2 * t + b) * size + index] = value;
        })
      );
      engine.write(name, values);
    }
    await engine.run("train", { iterations: 1 });
    tensors = await engine.read(persistent(engine));
    engine.close();
  }
  return tensors!;
}

const partOf = (values: Values, { replica, of }: { replica: number; of: number }): number[] =>
  Array.from(values.slice(replica * values.length / of, (replica + 1) * values.length / of));

const everyPart = (all: ReadonlyMap<string, Values>, where: { replica: number; of: number }) =>
  Object.fromEntries([...all].map(([name, values]) => [name, partOf(values, where)]));

/** The level of each update, by replica, from where the curriculum stood after each. */
function levelsOf({ states }: Trained, first: number, replica: number): number[] {
  const after = states.map(({ curriculum }) => curriculum!.level[replica]!);
  return [first, ...after.slice(0, -1)];
}

const backends: Readonly<Record<string, () => Backend>> = {
  reference: referenceBackend,
  cpu: () => cpuBackend({ threads: 1 }),
};

for (const [name, open] of Object.entries(backends)) {
  for (const seeds of [[4], [4, 9]]) {
    const what = `curriculum on ${name}, ${seeds.length} replicas`;
    Deno.test(`${what}: passes level after level, and trains as by hand`, async () => {
      const backend = open();
      const task = taskOf();
      const trained = await trainOn(backend, { task, seeds, iterations: 50 });
      const { result, passed, states, rows, lengths, tensors } = trained;
      assert.equal(result.endReason, "completed");
      assert.equal(result.iterations, 8, "four levels of two updates each");
      assert.deepEqual(lengths, [100, 120, 140, 160]);
      assert.deepEqual(
        passed.map(({ replica, level, state }) => [replica, level, state.iteration]),
        [5, 6, 7, 8].flatMap((level, n) => seeds.map((_, p) => [p, level, 2 * n + 2])),
      );
      assert.deepEqual(
        rows.map(({ iteration }) => iteration),
        [2, 3, 4, 6, 8],
        "a row when one is due, and when a level is passed",
      );
      // The state that is given out is the one of that moment, and stays it.
      for (const { level, state } of passed) {
        assert.deepEqual(state.curriculum!.passed, seeds.map(() => level));
        const kept = states.find(({ iteration }) => iteration === state.iteration)!;
        assert.deepEqual(state.tensors, kept.tensors);
      }
      for (const [replica, seed] of seeds.entries()) {
        const levels = levelsOf(trained, 5, replica);
        assert.deepEqual(levels, [5, 5, 6, 6, 7, 7, 8, 8]);
        const expected = await trainByHand(backend, { task, seed, levels });
        assert.deepEqual(
          everyPart(tensors, { replica, of: seeds.length }),
          everyPart(expected, { replica: 0, of: 1 }),
        );
      }
      backend.close();
    });
  }

  Deno.test(`curriculum on ${name}: beside one with longer movies, a replica learns as alone`, async () => {
    const backend = open();
    // With luck alone, the two pass levels at different times.
    const task = taskOf({ acc_threshold: 0.6, acc_num: 1, max_interval: 12 });
    const seeds = [3, 4];
    const trained = await trainOn(backend, { task, seeds, iterations: 12 });
    const levels = seeds.map((_, replica) => levelsOf(trained, 5, replica));
    assert.ok(
      levels[0]!.filter((level, n) =>
        task.levels!.at(level).steps !==
          task.levels!.at(levels[1]![n]!).steps
      ).length >= 3,
      `levels ${levels.join(" and ")}`,
    );
    for (const [replica, seed] of seeds.entries()) {
      const alone = await trainByHand(backend, { task, seed, levels: levels[replica]! });
      assert.deepEqual(
        everyPart(trained.tensors, { replica, of: 2 }),
        everyPart(alone, { replica: 0, of: 1 }),
        `levels ${levels[replica]} beside ${levels[1 - replica]}`,
      );
    }
    backend.close();
  });
}

Deno.test("curriculum: going on from any iteration ends with the same bits", async () => {
  const backend = cpuBackend({ threads: 1 });
  const task = taskOf({ acc_threshold: 0.55, acc_num: 2, max_interval: 7 });
  const options = { task, seeds: [3, 4], iterations: 14 };
  const whole = await trainOn(backend, options);
  const streaks = whole.states.flatMap(({ curriculum }) => curriculum!.streak);
  assert.ok(
    whole.passed.length >= 2 && streaks.includes(1),
    "levels passed, and cuts in mid-streak",
  );
  const withoutTime = ({ seconds: _, ...rest }: TrainState) => rest;
  for (const resume of whole.states.slice(0, -1)) {
    const rest = await trainOn(backend, { ...options, resume });
    const from = `from iteration ${resume.iteration}`;
    assert.deepEqual(rest.tensors, whole.tensors, from);
    assert.deepEqual(
      rest.states.map(withoutTime),
      whole.states.filter(({ iteration }) => iteration > resume.iteration).map(withoutTime),
      from,
    );
    assert.deepEqual(rest.result.metrics, whole.result.metrics, from);
    assert.deepEqual(
      rest.rows,
      whole.rows.filter(({ iteration }) => iteration > resume.iteration),
      from,
    );
    assert.deepEqual(
      rest.passed.map(({ replica, level, state }) => [replica, level, state.iteration]),
      whole.passed.filter(({ state }) => state.iteration > resume.iteration)
        .map(({ replica, level, state }) => [replica, level, state.iteration]),
    );
  }
  backend.close();
});

Deno.test("curriculum: a level that takes too long ends training as unconverged", async () => {
  const backend = cpuBackend({ threads: 1 });
  const task = taskOf({ acc_threshold: 1, acc_num: 100, max_updates: 4 });
  const { result, states, passed } = await trainOn(backend, { task, seeds: [1], iterations: 50 });
  assert.equal(result.endReason, "unconverged");
  assert.equal(result.iterations, 4);
  assert.deepEqual(passed, []);
  const again = await trainOn(backend, {
    task,
    seeds: [1],
    iterations: 50,
    resume: states.at(-1)!,
  });
  assert.equal(again.result.endReason, "unconverged");
  assert.equal(again.result.iterations, 4);
  backend.close();
});

Deno.test("curriculum: without engines of other lengths, the first level is all there is", async () => {
  const backend = cpuBackend({ threads: 1 });
  const task = taskOf();
  const engine = await backend.prepare(programOf(task, { replicas: 1, steps: task.steps }));
  const { endReason, iterations } = await train({
    engine,
    task,
    loss: task.loss,
    seeds: [1],
    iterations: 5,
    hooks: { onLevel: () => assert.fail("no level is passed") },
  });
  assert.deepEqual([endReason, iterations], ["completed", 5]);
  engine.close();
  backend.close();
});
