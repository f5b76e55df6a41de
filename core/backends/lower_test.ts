import assert from "node:assert/strict";
import { matrix } from "../program/declaration.ts";
import { constantValue, normal, uniform } from "../program/initializer.ts";
import * as l from "../program/language.ts";
import { createProgram } from "../program/program.ts";
import { lower } from "./lower.ts";

/** A loop that reads a shared matrix through an expression, and an evaluation that learns. */
function program() {
  const builder = createProgram({ replicas: 2, sequences: 3, steps: 4 });
  builder.declare("w", matrix(5, 5, normal(1)));
  builder.slot("y", { kind: "state", shape: [5], hasBatchAxis: true });
  builder.stage("evaluate", { name: "run", loop: "forward" }, ({ load, store }) => {
    const symmetric = l.add(load("w"), l.mul(l.transpose(load("w")), 0.5));
    store("y", l.tanh(l.matvec(symmetric, load("y"))));
  });
  builder.stage("evaluate", { name: "learn" }, ({ load, store }) => {
    store("w", l.add(load("w"), l.batchMean(l.outer(load("y"), load("y")))));
  });
  return builder.build();
}

Deno.test("lower: every stage with its number, passes and launches", () => {
  const { procedures, snapshotSlots } = lower(program(), { chunk: 1, lowering: "auto" });
  const stages = procedures.get("evaluate")!.map(({ number, stage, lowering }) =>
    [number, stage.name, lowering.kind, lowering.owner] as const
  );
  assert.deepEqual(stages, [
    [0, "prepare", "fused", "replica"],
    [1, "run", "fused", "sequence"],
    [2, "learn", "fused", "replica"],
  ]);
  assert.deepEqual(snapshotSlots.map(({ name }) => name), ["w"]);
});

Deno.test("lower: memory has room for slots, copies and temporaries, within the limit", () => {
  const { memory, procedures } = lower(program(), { chunk: 1, lowering: "split" });
  assert.equal(memory.estimate.get("copies for evaluation"), memory.estimate.get("parameter"));
  const temporaries = [...procedures.values()].flat().flatMap(({ schedule }) =>
    schedule.temporaries
  );
  assert.ok(temporaries.length > 0);
  for (const temporary of temporaries) assert.ok(memory.regionOf({ temporary }).size > 0);
  assert.throws(
    () => lower(program(), { chunk: 1, lowering: "auto", arenaLimit: 100 }),
    /RangeError: "w" takes 200 bytes, more than the 100/,
  );
});

Deno.test("lower: first values are described by what float32 holds", () => {
  for (const initial of [constantValue(1e-46), normal(1e39), uniform(-5e-324, 1)]) {
    const builder = createProgram({ replicas: 1, sequences: 1, steps: 1 });
    builder.declare("w", matrix(2, 2, initial));
    assert.throws(
      () => lower(builder.build(), { chunk: 1, lowering: "auto" }),
      /RangeError: The first value of "w", -?[\de+-]+ is outside float32: expected 0, or a size/,
    );
  }
});

Deno.test("lower: copies of threads are planned from the schedules", () => {
  const extents = { replicas: 1, sequences: 1, steps: 4 };
  const { memory, procedures } = lower(program(), {
    chunk: 1,
    lowering: "fused",
    perThread(procedures) {
      const [prepare] = procedures.get("evaluate")!;
      const slots = new Map(prepare!.stage.stores.map(({ slot }) => [slot, extents]));
      return { threads: 3, slots, temporaries: undefined, replicas: false };
    },
  });
  const { slot } = procedures.get("evaluate")![0]!.stage.stores[0]!;
  assert.equal(memory.regionOf({ slot }).threadStride, 32);
});
