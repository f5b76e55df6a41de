import assert from "node:assert/strict";
import { sweepNames } from "./sweep_names.ts";

const names = (sweep: unknown, seeds: unknown = [1, 2]) =>
  sweepNames({ training: { seeds, sweep } });

Deno.test("a sweep names every replica, and its points", () => {
  const sweep = names({ "task.memories": [5, 10] })!;
  assert.deepEqual(sweep.labels, [
    "memories 5, seed 1",
    "memories 5, seed 2",
    "memories 10, seed 1",
    "memories 10, seed 2",
  ]);
  assert.deepEqual(sweep.points, [
    { label: "memories 5", values: { "task.memories": 5 }, replicas: [0, 1] },
    { label: "memories 10", values: { "task.memories": 10 }, replicas: [2, 3] },
  ]);
});

Deno.test("a config without a sweep, or with what is none, names nothing", () => {
  for (const sweep of [{}, undefined, 3, { "task.memories": [] }, { "task.memories": 5 }]) {
    assert.equal(names(sweep), undefined);
  }
  assert.equal(sweepNames({}), undefined);
  const long = Array.from({ length: 300 }, (_, value) => value);
  assert.equal(names({ "task.a": long, "task.b": long }), undefined, "too many to be a run");
});

Deno.test("marks that a figure would take for formatting are left out of names", () => {
  const [label] = names({ "task.a": ["<a href='x'>%{y}$</a>"] }, [1])!.labels;
  assert.equal(label, "a ?a href='x'???y???/a?");
});
