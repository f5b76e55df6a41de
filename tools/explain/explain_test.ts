import assert from "node:assert/strict";
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

Deno.test("explain: a model or a setting that there is none of is named", async () => {
  await assert.rejects(explainedProgram("plastic", []), /no model is named "plastic".*plastic_rnn/);
  await assert.rejects(
    explainedProgram(custom, ["unit=5"]),
    /model\.unit: there is no such setting/,
  );
});
