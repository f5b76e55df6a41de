import assert from "node:assert/strict";
import { CodeError } from "../core/code_error.ts";
import { sameProgram } from "../core/program/same_program.ts";
import { z } from "../deps/zod.ts";
import { simpleRnn } from "../models/simple_rnn.ts";
import { palindrome } from "../tasks/palindrome.ts";
import { cosineDecay } from "./optimizers/schedules.ts";
import { updaters } from "./mod.ts";
import { defineUpdater } from "./updater.ts";
import { withSchedule } from "./with_schedule.ts";

const task = palindrome.build();
const model = simpleRnn.instantiate({ ...task.sizes, hidden_size: 4, num_layers: 1 });
const learning = {
  ...{ model, loss: task.loss },
  extents: { replicas: 1, sequences: 1, steps: task.steps },
};

for (const updater of [updaters.bptt, updaters.rtrl, updaters.dfa]) {
  Deno.test(`withSchedule: ${updater.name} has the program of the same schedule by its name`, () => {
    const given = { learning_rate: 0.01, optimizer: "adam", warm_up: 5 } as const;
    const named = { ...given, schedule: "cosine", schedule_iterations: 45 } as const;
    const own = withSchedule(updater, cosineDecay({ updates: 40 }));
    assert.ok(sameProgram(own.build(learning, given), updater.build(learning, named)));
    assert.ok(!sameProgram(own.build(learning, given), updater.build(learning, given)));
  });
}

Deno.test("withSchedule: settings of schedules are gone, others keep their checks", () => {
  const own = withSchedule(updaters.bptt, () => 1);
  assert.throws(() => own.build(learning, { schedule: "step" }), /Unrecognized key.*schedule/);
  assert.throws(() => own.build(learning, { gamma: 0.5 }), /Unrecognized key.*gamma/);
  assert.throws(() => own.build(learning, { learning_rate: -1 }), /learning_rate/);
  const bare = defineUpdater({ name: "bare", config: z.strictObject({}), build: () => null! });
  assert.throws(() => withSchedule(bare, () => 1), CodeError);
});
