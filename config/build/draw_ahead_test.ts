import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { userPlace } from "../../core/code_place.ts";
import { createProgram } from "../../core/program/program.ts";
import { createBatches } from "../../core/training/batches.ts";
import { binaryCrossEntropy } from "../../core/losses/binary_cross_entropy.ts";
import type { Slot } from "../../core/program/node.ts";
import { KEY_SIZE, keySlots } from "../../core/program/random_keys.ts";
import { hybrid } from "../../models/hybrid.ts";
import { findModel } from "../../models/mod.ts";
import { findTask } from "../../tasks/mod.ts";
import { forwardProgram } from "../../updaters/forward_only.ts";
import { drawAhead } from "./draw_ahead.ts";
import { loadOwnEntry } from "./load_own_entries.ts";

Deno.test("batches drawn ahead are those drawn in place, in any order and at any level", () => {
  const settings = [{}, { variation: 0.5 }].map((own) => ({
    name: "continual_scene",
    ...own,
  }));
  const tasks = settings.map(({ name, ...own }, replica) =>
    findTask(name).build(own).levels!.at([2, 7][replica]!)
  );
  const { slots, extents } = forwardProgram({
    model: hybrid.instantiate({ hidden_dims: [2, 2] }),
    loss: binaryCrossEntropy,
    extents: { replicas: 2, sequences: 3, steps: tasks[1]!.steps },
  });
  // What a model that draws random numbers needs beside.
  const keys: Slot = {
    name: keySlots.sequence,
    kind: "input",
    shape: [KEY_SIZE],
    hasBatchAxis: true,
    hasTimeAxis: false,
    hasChunkAxis: true,
  };
  const program = { slots: new Map([...slots, [keys.name, keys]]), extents };
  const options = { seeds: [5, 6], chunk: 4, levels: [2, 7] };
  const inPlace = createBatches(program, tasks, options);
  const ahead = drawAhead(settings)(program, tasks, options);
  try {
    const ranges = [[0, 1], [1, 4], [5, 2], [40, 1], [41, 3]] as const;
    for (const [first, iterations] of ranges) {
      for (const split of ["train", "test"] as const) {
        const expected = inPlace.draw(split, { first, iterations });
        const drawn = ahead.draw(split, { first, iterations });
        assert.deepEqual([...drawn.keys()].sort(), [...expected.keys()].sort());
        for (const [name, values] of expected) assert.deepEqual(drawn.get(name), values);
      }
    }
  } finally {
    ahead.close?.();
  }
});

Deno.test("windows of a text that continue are drawn ahead as in place, also after a jump", () => {
  const settings = { name: "text", dataset: "book", length: 48 };
  const task = findTask("text").build({ dataset: "book", length: 48 });
  const program = forwardProgram({
    model: findModel("rnn").instantiate({ ...task.sizes, hidden_size: 2, num_layers: 1 }),
    loss: task.loss,
    extents: { replicas: 1, sequences: 16, steps: task.steps },
    continues: true,
  });
  const options = { seeds: [5], chunk: 4 };
  const inPlace = createBatches(program, task, options);
  const ahead = drawAhead([settings])(program, task, options);
  try {
    let continued = 0;
    for (const first of [0, 4, 8, 900, 904]) {
      const range = { first, iterations: 4 };
      const drawn = ahead.draw("train", range);
      for (const [name, values] of inPlace.draw("train", range)) {
        assert.deepEqual(drawn.get(name), values);
      }
      continued += drawn.get("continues")!.reduce((sum, value) => sum + value, 0);
    }
    assert.ok(continued > 100, `${continued} windows`);
  } finally {
    ahead.close?.();
  }
});

const failing = `import { binaryCrossEntropy, defineTask } from "hebb";
import { z } from "zod";
export default defineTask({
  name: "tired",
  summary: "Stops after a few sequences",
  aliases: [],
  config: z.strictObject({}),
  build: (_, facts) => ({
    ...facts,
    steps: 1,
    sizes: {},
    inputs: { frame: [5000], target: [], weight: [] },
    output: [],
    loss: binaryCrossEntropy,
    score: "accuracy",
    chance: 0.5,
    bestLoss: 0,
    sequence({ address }) {
      if (address.step === 3) throw new Error("no more sequences");
      const one = () => new Float32Array(1);
      return { frame: new Float32Array(5000), target: one(), weight: one() };
    },
  }),
});
`;

Deno.test(
  "a task that fails in the thread is asked again here, at once, and its error tells the line",
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "tired.ts");
    Deno.writeTextFileSync(path, failing);
    const own = await loadOwnEntry("task", path);
    const builder = createProgram({ replicas: 1, sequences: 1, steps: 1 });
    for (const [name, shape] of [["frame", [5000]], ["target", []]] as const) {
      builder.slot(name, { kind: "input", shape, hasBatchAxis: true, hasTimeAxis: true });
    }
    const options = { seeds: [1], chunk: 1 };
    const ahead = drawAhead([{ name: path }], own)(builder.build(), own.entry.build(), options);
    try {
      for (let first = 0; first < 3; first++) ahead.draw("train", { first, iterations: 1 });
      const began = performance.now();
      let error: unknown;
      try {
        ahead.draw("train", { first: 3, iterations: 1 });
      } catch (thrown) {
        error = thrown;
      }
      assert.match(String(error), /no more sequences/);
      assert.match(userPlace(error) ?? "", /\/tired\.ts:19:/);
      // A thread that says nothing is waited for 10 s.
      assert.ok(performance.now() - began < 5000);
    } finally {
      ahead.close?.();
    }
  }),
);
