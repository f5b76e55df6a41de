/** Sums of whole sequences: what a sequence adds is made of its own sums, in every procedure. */
import assert from "node:assert/strict";
import { initialValues } from "../core/backends/initial_values.ts";
import { isPersistent } from "../core/backends/layout.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { addLosses, scaled } from "../core/losses/add_losses.ts";
import { sequenceSlot } from "../core/program/sequence_slot.ts";
import { createBatches } from "../core/training/batches.ts";
import { models } from "../models/mod.ts";
import { findTask } from "../tasks/mod.ts";
import { updaters } from "./mod.ts";

const sequences = 12;
const task = findTask("2_small_palindrome_vary").build();
const model = models.rnn.instantiate({ ...task.sizes, hidden_size: 4 });
const sum = (rows: readonly Record<string, number>[], name: string) =>
  rows.reduce((total, row) => total + row[name]!, 0);

for (const prefix of ["", "whole/"]) {
  const loss = prefix === ""
    ? task.loss
    : addLosses({ whole: task.loss, other: scaled(0.5, task.loss) });
  Deno.test(`exact sequences are those without an error${prefix && ", in a sum of losses"}`, async () => {
    const extents = { replicas: 1, sequences, steps: task.steps };
    const program = updaters.bptt.build({ model, loss, extents }, { learning_rate: 1 });
    const engine = await referenceBackend().prepare(program);
    for (const { name } of [...program.slots.values()].filter(isPersistent)) {
      engine.write(name, initialValues(program, name, [3]));
    }
    const batches = createBatches(program, task, { seeds: [3], chunk: 1 });
    const rowsOf = async (slot: string, procedure: string) => {
      const values = (await engine.read([slot])).get(slot)!;
      const names = program.metrics.get(procedure)!;
      return Array.from(
        { length: values.length / names.length },
        (_, row) =>
          Object.fromEntries(names.map((name, at) => [
            name.slice(name.startsWith(prefix) ? prefix.length : 0),
            values[row * names.length + at]!,
          ])),
      );
    };
    const write = (split: "train" | "validation") => {
      for (const [name, values] of batches.draw(split, { first: 0, iterations: 1 })) {
        engine.write(name, values);
      }
    };
    write("validation");
    await engine.run("evaluate", { iterations: 1 });
    const each = await rowsOf(sequenceSlot, "evaluate");
    assert.equal(each.length, sequences);
    for (const { recalls, recalled, asked, exact } of each) {
      assert.deepEqual([asked, exact], [1, Number(recalls === recalled)]);
    }
    const [all] = await rowsOf("metrics/evaluate", "evaluate");
    assert.deepEqual([all!["exact"], all!["asked"]], [sum(each, "exact"), sequences]);
    assert.ok(all!["exact"]! > 0 && all!["exact"]! < sequences, "some are exact, and some not");
    write("train");
    await engine.run("train", { iterations: 1 });
    const [trained] = await rowsOf("metrics/train", "train");
    assert.equal(trained!["asked"], sequences);
    engine.close();
  });
}
