import assert from "node:assert/strict";
import { initialValues } from "../../core/backends/initial_values.ts";
import { sameProgram } from "../../core/program/same_program.ts";
import { randomStream } from "../../core/random.ts";
import { anyDraw } from "../../core/testing/any_draw.ts";
import { configAssignments } from "../config_file.ts";
import { configOf, replicasOf } from "../replicas.ts";
import { resolveConfig } from "../resolve_config.ts";
import { buildRun } from "./build_run.ts";

const resolve = (sweep: object, task: object = {}) =>
  resolveConfig(
    configAssignments({
      task: { name: "attractor", neurons: 4, steps: 10, presentation_steps: 2, ...task },
      training: { seeds: [1, 2], sweep, batch_size: 2 },
    }, "test"),
  ).config;

Deno.test("a swept run has the tasks and first values of its replicas", () => {
  const config = resolve({
    "task.memories": [2, 3],
    "updater.learning_rate": [0.1, 0.2],
    "model.initial_deviation": [0.5, 1],
  });
  const replicas = replicasOf(config);
  const { tasks, program } = buildRun(config);
  assert.equal(program.extents.replicas, 16);
  const random = () => randomStream({ seed: 3, stream: 1, step: 5 });
  const seeds = replicas.map(({ seed }) => seed);
  const alone = replicas.map((replica) => buildRun(configOf(config, replica)));
  for (const name of ["learning_rate", "w_self_free"]) {
    const expected = alone.flatMap((run, replica) => [
      ...initialValues(run.program, name, [seeds[replica]!]),
    ]);
    assert.deepEqual([...initialValues(program, name, seeds)], expected);
  }
  tasks.forEach((task, replica) =>
    assert.deepEqual(
      task.sequence(random(), anyDraw),
      alone[replica]!.task.sequence(random(), anyDraw),
    )
  );
  assert.notDeepEqual(
    tasks[0]!.sequence(random(), anyDraw),
    tasks.at(-1)!.sequence(random(), anyDraw),
  );
});

Deno.test("without a sweep, the task and the program are one for all", () => {
  const config = resolve({});
  const { tasks, task, program } = buildRun(config);
  assert.deepEqual(tasks, [task, task]);
  assert.ok(sameProgram(program, buildRun(resolve({}, { memories: 7 })).program));
});

Deno.test("what changes the program is no point of a sweep, and is named", () => {
  const refused: [object, RegExp][] = [
    [{ "task.steps": [10, 11] }, /^--sweep task\.steps: it changes the program itself; train/],
    [{ "task.neurons": [4, 5] }, /^--sweep task\.neurons: /],
    [{ "task.margin_weight": [1, 2] }, /^--sweep task\.margin_weight: /],
    [{ "model.symmetric": [true, false] }, /^--sweep model\.symmetric: /],
    [{ "updater.l2": [0, 0.1] }, /^--sweep updater\.l2: /],
    [{ "task.memories": [2, 3], "task.steps": [10, 11] }, /^--sweep task\.steps: /],
    [{ "task.steps": [10, 11], "task.memories": [2, 3] }, /^--sweep task\.steps: /],
  ];
  for (const [sweep, message] of refused) {
    assert.throws(() => buildRun(resolve(sweep)), { name: "RangeError", message });
  }
});

Deno.test("what changes how the task is judged is no point of a sweep", () => {
  const { config } = resolveConfig(
    configAssignments({
      task: { name: "continual_scene" },
      training: { sweep: { "task.curriculum": [true, false] } },
    }, "test"),
  );
  assert.throws(() => buildRun(config), {
    name: "RangeError",
    message: /^--sweep task\.curriculum: it changes how the task is judged; train its values in/,
  });
});

Deno.test("one value of a sweep is a run with that setting", () => {
  const { program, task } = buildRun(resolve({ "task.steps": [12] }));
  assert.deepEqual([program.extents.steps, program.extents.replicas, task.steps], [12, 2, 12]);
});
