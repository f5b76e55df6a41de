import assert from "node:assert/strict";
import { patternError } from "../../core/losses/pattern_error.ts";
import { plasticRnn } from "../../models/plastic_rnn.ts";
import { bptt } from "../../updaters/bptt.ts";
import { describeStages } from "./describe.ts";
import { explainedProgram, parts } from "./explain.ts";

const custom = "examples/custom_rule.ts";

Deno.test("explain: every part of a model of the table and of a file", async () => {
  const programs = [
    await explainedProgram("ethereal", ["hidden_size=3", "num_layers=1"]),
    await explainedProgram(custom, ["units=5"]),
  ];
  for (const program of programs) {
    for (const [part, textOf] of Object.entries(parts)) {
      assert.ok(textOf(program).split("\n").length > 3, part);
    }
  }
  assert.match(parts["graph"]!(programs[1]!), /matrix\(5, /, "the setting counts");
});

Deno.test("explain: stages say in which loops they run", () => {
  const model = plasticRnn.instantiate({ inputs: 4 });
  const extents = { replicas: 1, sequences: 1, steps: 9 };
  const program = bptt.build({ model, loss: patternError(3), extents }, { tape: "checkpoints" });
  const titles = describeStages(program).filter((line) => line.startsWith("train/"));
  assert.deepEqual(titles, [
    "train/reset",
    "train/checkpoint, segment by segment, forward",
    "train/forward, segment by segment, forward, once a step, forward",
    "train/turn",
    "train/restore, segment by segment, reverse",
    "train/replay, segment by segment, reverse, once a step, forward",
    "train/reverse, segment by segment, reverse, once a step, reverse",
    "train/finish",
    "train/report",
  ]);
});

Deno.test("explain: a model or a setting that there is none of is named", async () => {
  await assert.rejects(explainedProgram("plastic", []), /no model is named "plastic".*plastic_rnn/);
  await assert.rejects(
    explainedProgram(custom, ["unit=5"]),
    /model\.unit: there is no such setting/,
  );
});
