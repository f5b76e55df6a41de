/** Examinations of networks whose memories are known: their weights are made, not trained. */
import assert from "node:assert/strict";
import { openBackend } from "../../core/backends/open_backend.ts";
import { drawSequence } from "../../core/training/task.ts";
import { findTask } from "../../tasks/mod.ts";
import { setAssignment } from "../../config/config_file.ts";
import { configOf, replicasOf } from "../../config/replicas.ts";
import { resolveConfig } from "../../config/resolve_config.ts";
import { examine } from "./examine.ts";
import { examinationSchema } from "./examination.ts";
import { examinationLines } from "../../report/examination_lines.ts";
import { hebbMatrix } from "./matrices.ts";

const neurons = 24;

function configWith(settings: readonly string[]) {
  return resolveConfig([
    "task.name=attractor",
    "model.name=attractor",
    "updater.name=bptt",
    `task.neurons=${neurons}`,
    "task.steps=20",
    ...settings.some((setting) => setting.includes("presentation_steps"))
      ? []
      : ["task.presentation_steps=5"],
    "training.seeds=3,4",
    ...settings,
  ].map(setAssignment)).config;
}

/** A checkpoint in which every replica has the weights that `make` gives for its patterns. */
async function examined(
  settings: readonly string[],
  make: (patterns: readonly Float32Array[]) => ArrayLike<number>,
) {
  const config = configWith(settings);
  const matrices = replicasOf(config).map((replica) => {
    const { task: { name, ...own } } = configOf(config, replica);
    const task = findTask(name).build(own);
    return make(
      Array.from(
        { length: Number(own["memories"]) },
        (_, index) => drawSequence(task, { seed: replica.seed, split: "test", index }).memory!,
      ),
    );
  });
  const size = neurons * neurons;
  const pack = (values: readonly ArrayLike<number>[]) =>
    Float32Array.from(values.flatMap((matrix) => Array.from(matrix)));
  const identity = Array.from({ length: size }, (_, index) => index % (neurons + 1) === 0 ? 2 : 0);
  const shape = [matrices.length, neurons, neurons];
  const { backend } = await openBackend({ device: "cpu", threads: 1 });
  const checkpoint = {
    path: "made",
    iteration: 7,
    metadata: {},
    tensors: new Map([
      ["w_self_free", { dtype: "F32" as const, shape, data: pack(matrices) }],
      ["w_input", { dtype: "F32" as const, shape, data: pack(matrices.map(() => identity)) }],
    ]),
  };
  try {
    const examination = await examine(checkpoint, { config, backend, tries: 12, starts: 20 });
    return examinationSchema.parse(JSON.parse(JSON.stringify(examination)));
  } finally {
    backend.close();
  }
}

const scaled = (factor: number) => (patterns: readonly Float32Array[]) =>
  hebbMatrix(patterns).map((value) => factor * value);

Deno.test("one memory of the Hebb rule is a fixed point with a basin of half of all states", async () => {
  const { networks, updates } = await examined(["task.memories=1"], scaled(6));
  assert.equal(updates, 7);
  assert.deepEqual(networks.map(({ seed, point }) => [seed, point]), [[3, 0], [4, 0]]);
  for (const { memories, fixed, basins, stable, cues, hebb, pseudo_inverse } of networks) {
    assert.equal(fixed.share, 1);
    assert.equal(memories.length, 1);
    assert.ok(memories[0]!.fixed && memories[0]!.retention > 0.99 && memories[0]!.reaction > 0.99);
    const shares = basins.filter(({ flips }) => flips <= 0.4).map(({ exact }) => exact.share);
    assert.ok(shares.every((share) => share === 1), String(shares));
    assert.deepEqual([stable.memory.states, stable.inverse.states], [1, 1]);
    assert.equal(stable.spurious.states, 0);
    assert.equal(stable.memory.starts + stable.inverse.starts, stable.settled);
    assert.equal(cues.find(({ kind }) => kind === "clean")!.exact.share, 1);
    // The learned matrix is that of both rules, times a factor.
    for (const rule of [hebb!, pseudo_inverse!]) {
      assert.ok(Math.abs(rule.correlation! - 1) < 1e-5);
      assert.ok(Math.abs(rule.scale! - 6) < 1e-4);
      assert.equal(rule.fixed.share, 1);
    }
  }
  assert.equal(networks[0]!.trajectories!.length, 5);
  assert.ok(networks[0]!.trajectories!.every(({ energy }) => energy.at(-1)! <= energy[0]! + 1e-6));
  assert.equal(networks[0]!.retention_over_time!.overlap.length, 1);
  assert.equal(networks[1]!.trajectories, undefined);
});

Deno.test("with a large free diagonal every state is a fixed point, and nothing has a basin", async () => {
  const { networks: [network] } = await examined(
    ["task.memories=2", "model.zero_diagonal=false"],
    () => Array.from({ length: neurons ** 2 }, (_, i) => i % (neurons + 1) === 0 ? 5 : 0),
  );
  assert.equal(network!.fixed.share, 1);
  assert.equal(network!.basins[0]!.exact.share, 1);
  assert.equal(network!.basins.find(({ flips }) => flips === 0.1)!.exact.share, 0);
  assert.equal(network!.stable.spurious.states, 20);
});

Deno.test("points of a sweep are examined with tasks of their own", async () => {
  const { networks } = await examined(
    ["training.sweep=task.memories=1,3", "task.cue=state"],
    scaled(8),
  );
  assert.deepEqual(networks.map(({ memories }) => memories.length), [1, 1, 3, 3]);
  assert.deepEqual(networks.map(({ trajectories }) => trajectories !== undefined), [
    ...[true, false],
    ...[true, false],
  ]);
  assert.deepEqual(networks[0]!.cues, []);
});

Deno.test("points of a sweep are shown their memories as long, and in the way, of their own", async () => {
  const watched = async (setting: string) => (await examined([setting], scaled(8))).networks;
  const long = await watched("training.sweep=task.presentation_steps=3,8");
  assert.deepEqual(long.map(({ retention_over_time: over }) => over?.shown), [
    ...[3, undefined],
    ...[8, undefined],
  ]);
  const cued = await watched("training.sweep=task.cue=state,input");
  assert.deepEqual(cued.map(({ cues }) => cues.length > 0), [false, false, true, true]);
});

Deno.test("lines of a sweep: one set a point, and the starts that have not settled", async () => {
  const examination = await examined(["training.sweep=task.memories=1,3"], scaled(8));
  const lines = examinationLines(examination);
  assert.equal(lines.filter((line) => line.includes("exact fixed points")).length, 2);
  assert.ok(lines.includes("memories 3, seed 3; memories 3, seed 4:"), lines.join("\n"));
  assert.match(lines.at(-1)!, /^ {2}memories 3, seed 4, from 20 .*; not settled: \d+ starts$/);
});

Deno.test("only runs of attractor networks are examined", async () => {
  const config = resolveConfig([]).config;
  const checkpoint = { path: "made", iteration: 1, metadata: {}, tensors: new Map() };
  const { backend } = await openBackend({ device: "reference" });
  await assert.rejects(examine(checkpoint, { config, backend, tries: 1, starts: 1 }), {
    name: "UsageError",
    message: /expected a run of model attractor on task attractor, got ethereal/,
  });
});
