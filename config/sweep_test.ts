import assert from "node:assert/strict";
import type { RunConfig } from "./run_config.ts";
import { configAssignments, setAssignment } from "./config_file.ts";
import { configOf, replicasOf } from "./replicas.ts";
import { resolveConfig } from "./resolve_config.ts";
import type { Assignment } from "./assignment.ts";

const typed = (value: string): Assignment => ({
  section: "training",
  key: "sweep",
  value,
  isText: true,
  origin: "--sweep",
});
const file = (training: object, task: object = {}) =>
  configAssignments({ task: { name: "attractor", ...task }, training }, "a.yaml");

const sweepOf = (...assignments: Assignment[]) =>
  resolveConfig([...file({}), ...assignments]).config.training.sweep;

/** What config.json holds of a config. */
const stored = (config: RunConfig): unknown => JSON.parse(JSON.stringify(config));

Deno.test("sweep: values are those of the setting's own type", () => {
  assert.deepEqual(sweepOf(typed("task.memories=5, 10")), { "task.memories": [5, 10] });
  assert.deepEqual(sweepOf(typed("task.cue=input,state")), { "task.cue": ["input", "state"] });
  assert.deepEqual(sweepOf(setAssignment("training.sweep=model.symmetric=on,off")), {
    "model.symmetric": [true, false],
  });
  const lists = resolveConfig([
    ...configAssignments({ model: { name: "hybrid" } }, "a.yaml"),
    typed("model.hetero_rates=[1,1],[1,0.5]"),
  ]);
  assert.deepEqual(lists.config.training.sweep, { "model.hetero_rates": [[1, 1], [1, 0.5]] });
});

Deno.test("sweep: typed ones join those of a file, a later file replaces an earlier one", () => {
  const first = file({ sweep: { "task.memories": [2, 3], "task.noise": [0, 0.1] } });
  assert.deepEqual(sweepOf(...first, typed("task.memories=4"), typed("task.flips=0.1")), {
    "task.memories": [4],
    "task.noise": [0, 0.1],
    "task.flips": [0.1],
  });
  assert.deepEqual(sweepOf(...first, ...file({ sweep: { "task.flips": [0] } })), {
    "task.flips": [0],
  });
  assert.deepEqual(sweepOf(...first, ...file({ sweep: {} })), {});
});

Deno.test("sweep: a resolved config resolves to itself, and holds the first values", () => {
  const { config } = resolveConfig([
    ...file({ seeds: [1, 2] }, { memories: 7 }),
    typed("task.memories=3,2"),
  ]);
  assert.equal(config.task.memories, 3);
  const resolved = resolveConfig(configAssignments(stored(config), "test"), { source: "test" });
  assert.deepEqual(resolved.config, config);
});

Deno.test("sweep: what cannot be swept is refused in one line", () => {
  const bad: [Assignment | Assignment[], RegExp][] = [
    [
      typed("task.memorie=1,2"),
      /^--sweep task\.memorie: task attractor has no setting "memorie" \(did you mean memories\?\)$/,
    ],
    [
      typed("taks.memories=1"),
      /^--sweep taks\.memories: no section is named "taks" \(did you mean task\?\); sections are/,
    ],
    [
      typed("memories=1,2"),
      /^--sweep memories: expected section\.setting, such as task\.memories$/,
    ],
    [
      typed("task.memories"),
      /^--sweep: expected a setting and its values, such as .*, got "task\.memories"$/,
    ],
    [
      typed("task.memories="),
      /^--sweep task\.memories: expected values with commas between, got none$/,
    ],
    [typed("task.memories=2,two"), /^--sweep task\.memories: expected a whole number, got "two"$/],
    [typed("task.memories=2,0"), /^--sweep task\.memories: expected at least 1, got 0$/],
    [typed("task.memories=0,2"), /^--sweep task\.memories: expected at least 1, got 0$/],
    [typed("task.memories=2,3,2"), /^--sweep task\.memories: 2 is given twice$/],
    [
      [typed("task.memories=2"), typed("task.memories=3")],
      /^--sweep task\.memories: it is given twice$/,
    ],
    [
      typed("task.presentation_steps=9,2000"),
      /^--sweep task\.presentation_steps: expected less than the 1000 steps, got 2000$/,
    ],
    [
      typed("training.iterations=1,2"),
      /it holds for all replicas of a run; settings of task, model and updater can be swept$/,
    ],
    [typed("training.seeds=1,2"), /seeds are given by --seeds$/],
    [
      typed("updater.name=dfa,bptt"),
      /another updater is another program; train it in a run of its own$/,
    ],
    [
      [typed("task.memories=2,3"), setAssignment("task.memories=4")],
      /^--set task\.memories: --sweep task\.memories sets it already$/,
    ],
    [
      file({ sweep: { "task.memories": 3 } }),
      /^a\.yaml: training\.sweep task\.memories: expected a list of values, got 3$/,
    ],
    [
      file({ sweep: { "task.memories": [] } }),
      /^a\.yaml: training\.sweep task\.memories: expected values/,
    ],
    [file({ sweep: { "task.memories": ["3"] } }), /task\.memories: expected a number, got "3"$/],
    [
      file({ sweep: ["task.memories"] }),
      /^a\.yaml: training\.sweep: expected settings with lists of values/,
    ],
    [
      typed(`task.memories=${Array.from({ length: 4097 }, (_, n) => n + 1)}`),
      /^--sweep task\.memories: expected at most 4096 combinations, got 4097/,
    ],
    [
      file({
        seeds: Array.from({ length: 1025 }, (_, n) => n),
        sweep: { "task.memories": Array.from({ length: 64 }, (_, n) => n + 1) },
      }),
      /: expected at most 65536 replicas, got 65600 of all combinations and seeds/,
    ],
  ];
  for (const [assignments, message] of bad) {
    assert.throws(() => resolveConfig([...file({}), ...[assignments].flat()]), {
      name: "UsageError",
      message,
    });
  }
});

Deno.test("sweep: a setting that does nothing here is not swept", () => {
  assert.throws(
    () =>
      resolveConfig([
        ...configAssignments({ model: { name: "ethereal" }, updater: { name: "bptt" } }, "a.yaml"),
        typed("updater.grad_clip=1,2"),
      ]),
    { name: "UsageError", message: /^--sweep updater\.grad_clip: updater bptt takes plain steps/ },
  );
});

Deno.test("sweep: settings with commas between are swept together", () => {
  const typedSweep = sweepOf(typed("task.memories,task.cue=[5,input],[10,state]"));
  assert.deepEqual(typedSweep, { "task.memories,task.cue": [[5, "input"], [10, "state"]] });
  const { config } = resolveConfig([
    ...file({ seeds: [1, 2], sweep: { "task.memories,task.noise": [[3, 0.1], [2, 0]] } }),
    typed("task.flips=0,0.1"),
  ]);
  assert.deepEqual([config.task.memories, config.task.noise, config.task.flips], [3, 0.1, 0]);
  const replicas = replicasOf(config);
  assert.equal(replicas.length, 8);
  assert.equal(replicas[7]!.label, "memories 2, noise 0, flips 0.1, seed 2");
  assert.equal(configOf(config, replicas[7]!).task.memories, 2);
  const again = resolveConfig(configAssignments(stored(config), "test"), { source: "test" });
  assert.deepEqual(again.config, config);
});

Deno.test("sweep: lists of another length than there are settings are refused, and so are settings swept twice", () => {
  const refuse = (assignments: Assignment[], message: RegExp) =>
    assert.throws(() => resolveConfig([...file({}), ...assignments]), {
      name: "UsageError",
      message,
    });
  refuse(
    [typed("task.memories,task.noise=1,2")],
    /^--sweep task\.memories,task\.noise: expected lists of 2 values, such as \[1,2\], got "1"$/,
  );
  refuse([typed("task.memories,task.noise=[1,0],[1,0]")], /: \[1,0\] is given twice$/);
  refuse(
    [typed("task.memories,task.noise=[1,0]"), typed("task.noise=0")],
    /^--sweep task\.noise: it is given twice$/,
  );
  refuse(
    [typed("task.memories,task.noise=[1,0]"), setAssignment("task.noise=1")],
    /sets it already$/,
  );
});
