import assert from "node:assert/strict";
import { models } from "../../models/mod.ts";
import { findTask } from "../../tasks/mod.ts";
import { updaters } from "../../updaters/mod.ts";
import { beyondFloat32, fitsFloat32 } from "./float32_range.ts";

Deno.test("what float32 holds: 0 and what is neither subnormal nor infinite in it", () => {
  for (const value of [0, -0, 1, -0.1, 1.18e-38, 3.4028234e38, -3.4028234e38, 2 ** 24 + 1]) {
    assert.ok(fitsFloat32(value), String(value));
  }
  for (const value of [1e-46, -1e-40, 5e-324, 1e39, -1e39, 3.4028236e38, 1e308, Infinity, NaN]) {
    assert.ok(!fitsFloat32(value), String(value));
  }
  assert.deepEqual(beyondFloat32({ a: 1, b: [2, { c: 1e39 }] }), {
    path: ["b", "1", "c"],
    value: 1e39,
  });
});

Deno.test("task, model and learning rule refuse a setting beyond float32 in one line", () => {
  const expected = (value: string) =>
    new RegExp(`expected 0, or a size of 1.2e-38 to 3.4e38 \\(float32\\), got ${value}$`);
  assert.throws(
    () => findTask("auto_associative").build({ input_gain: 1e39 }),
    expected("1e\\+39"),
  );
  const model = models["attractor"]!;
  assert.throws(
    () => model.instantiate({ neurons: 4, initial_deviation: 5e-324 }),
    expected("5e-324"),
  );
  const task = findTask("attractor").build({
    neurons: 4,
    memories: 1,
    steps: 4,
    presentation_steps: 2,
  });
  const learning = {
    model: model.instantiate({ neurons: 4 }),
    loss: task.loss,
    extents: { replicas: 1, sequences: 1, steps: 4 },
  };
  assert.throws(
    () => updaters["bptt"]!.build(learning, { learning_rate: 1e-46 }),
    expected("1e-46"),
  );
});
