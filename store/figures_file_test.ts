import assert from "node:assert/strict";
import { join } from "node:path";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { findModel } from "../models/mod.ts";
import { findTask } from "../tasks/mod.ts";
import { findUpdater } from "../updaters/mod.ts";
import { commonGuessing } from "./common_bound.ts";
import { writeBounds, writeFigures } from "./figures_file.ts";
import { inTemporaryFolder } from "./files/testing/temporary_folder.ts";

const task = findTask("palindrome").build();
const extents = { replicas: 1, sequences: 1, steps: task.steps };

async function notesOf(
  folder: string,
  modelName: string,
  updater: string,
  settings = {},
): Promise<string[]> {
  const model = findModel(modelName).instantiate({ ...task.sizes, ...settings });
  const program = findUpdater(updater).build({ model, loss: task.loss, extents }, {});
  const engine = await referenceBackend().prepare(program);
  const replicas = [{ seed: 1, point: 0, settings: {}, label: "seed 1" }];
  await writeFigures(folder, { tasks: [task], replicas, engine, model, intervals: undefined });
  engine.close();
  return JSON.parse(Deno.readTextFileSync(join(folder, "figures.json"))).notes;
}

Deno.test(
  "figures: where the gradient is not measured, a note says so",
  inTemporaryFolder(async (folder) => {
    const note = /norm of the gradient is not measured/;
    const large = { hidden_size: 128 };
    assert.match((await notesOf(folder, "rnn", "backprop", large)).join(), note);
    assert.doesNotMatch((await notesOf(folder, "rnn", "dfa")).join(), note);
    assert.doesNotMatch((await notesOf(folder, "rnn", "bptt")).join(), note);
    assert.doesNotMatch((await notesOf(folder, "ethereal", "dfa")).join(), note);
  }),
);

Deno.test("figures: a network that guesses has a level where all replicas have the same", () => {
  const of = (...sizes: number[]) =>
    commonGuessing(
      sizes.map((pattern_size) => findTask("auto_associative").build({ pattern_size })),
    );
  assert.deepEqual(of(28), { error: 14 });
  assert.deepEqual(of(28, 28), { error: 14 });
  assert.deepEqual(of(28, 40), {});
  assert.deepEqual(commonGuessing([task]), {});
});

Deno.test(
  "figures: what the tasks of all points say of their settings is stored, once",
  inTemporaryFolder((folder) => {
    const tasks = [.29, .29, .33].map((degraded) =>
      findTask("auto_associative").build({ pattern_size: 12, degraded })
    );
    writeBounds(folder, [task]);
    const notes = () => JSON.parse(Deno.readTextFileSync(join(folder, "figures.json"))).task.notes;
    assert.deepEqual(notes(), []);
    writeBounds(folder, tasks);
    assert.deepEqual(notes(), [...tasks[0]!.notes!, ...tasks[2]!.notes!]);
    assert.equal(notes().length, 2);
  }),
);
