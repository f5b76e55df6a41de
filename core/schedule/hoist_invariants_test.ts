import assert from "node:assert/strict";
import * as l from "../program/language.ts";
import { createProgram, type ProgramBuilder, type SegmentLoop } from "../program/program.ts";
import { hoistInvariants } from "./hoist_invariants.ts";
import { ownerOf } from "./lowering.ts";
import { scheduleStage } from "./schedule.ts";

const extents = { replicas: 1, sequences: 3, steps: 4 };

function declared(): ProgramBuilder {
  const builder = createProgram(extents);
  builder.slot("y", { kind: "state", shape: [5], hasBatchAxis: true });
  builder.slot("decay", { kind: "parameter", shape: [1] });
  builder.slot("x", { kind: "input", shape: [5], hasBatchAxis: true, hasTimeAxis: true });
  return builder;
}

const names = (builder: ProgramBuilder) => {
  const program = hoistInvariants(builder.build());
  return program.procedures.get("main")!.map(({ name }) => name);
};

/** y <- sigmoid(decay) y + x, forward or in reverse. */
function leak(
  builder: ProgramBuilder,
  loop: "forward" | "reverse",
  segments?: SegmentLoop,
): void {
  builder.stage("main", { name: loop, loop, segments }, ({ load, store }) => {
    const keep = l.sum(l.sigmoid(load("decay")));
    store("y", l.add(l.mul(load("y"), keep), load("x")));
  });
}

Deno.test("hoisting: what parameters make is computed once, and the sequences go alone", () => {
  const builder = declared();
  builder.stage("main", { name: "reset" }, ({ store }) => store("y", 0));
  leak(builder, "forward");
  leak(builder, "reverse");
  const program = hoistInvariants(builder.build());
  const stages = program.procedures.get("main")!;
  assert.deepEqual(stages.map(({ name }) => name), ["prepare", "reset", "forward", "reverse"]);
  assert.equal(stages[0]!.stores.length, 1, "both loops share it");
  for (const stage of stages.slice(1)) {
    assert.equal(ownerOf(scheduleStage(stage, extents)), "sequence", stage.name);
  }
  assert.ok([...program.slots.keys()].some((name) => name.startsWith("prepared/main/")));
});

Deno.test("hoisting: not before the stage that makes what it reads", () => {
  const builder = declared();
  builder.stage("main", { name: "reset" }, ({ store }) => store("y", 0));
  builder.stage("main", { name: "learn" }, ({ load, store }) => {
    store("decay", l.mul(load("decay"), 0.5));
  });
  leak(builder, "forward");
  assert.deepEqual(names(builder), ["reset", "learn", "prepare", "forward"]);
});

Deno.test("hoisting: weights that are an expression, and what a fixed input makes", () => {
  const builder = declared();
  builder.slot("free", { kind: "parameter", shape: [5, 5] });
  builder.slot("memory", { kind: "input", shape: [5], hasBatchAxis: true, hasChunkAxis: true });
  builder.stage("main", { name: "loop", loop: "forward" }, ({ load, store }) => {
    const weights = l.mul(l.add(load("free"), l.transpose(load("free"))), 0.5);
    const drive = l.matvec(load("free"), load("memory"));
    store("y", l.add(l.matvec(weights, load("y")), drive));
  });
  const program = hoistInvariants(builder.build());
  const [prepare] = program.procedures.get("main")!;
  assert.deepEqual(
    prepare!.stores.map(({ slot: { shape, hasBatchAxis } }) => ({ shape, hasBatchAxis }))
      .sort((a, b) => a.shape.length - b.shape.length),
    [{ shape: [5], hasBatchAxis: true }, { shape: [5, 5], hasBatchAxis: false }],
  );
});

Deno.test("hoisting: nothing that the loop changes, and nothing that takes no memory", () => {
  const changing = declared();
  changing.stage("main", { name: "loop", loop: "forward" }, ({ load, store }) => {
    store("y", l.mul(load("x"), l.sum(l.sigmoid(load("decay")))));
    store("decay", l.mul(load("decay"), 0.5));
  });
  assert.deepEqual(names(changing), ["loop"]);
  const cheap = declared();
  cheap.stage("main", { name: "loop", loop: "forward" }, ({ load, store }) => {
    store("y", l.add(load("y"), l.mul(load("x"), 2)));
  });
  assert.deepEqual(names(cheap), ["loop"]);
});

Deno.test("hoisting: out of the loop over segments too, and never into one", () => {
  const builder = declared();
  builder.stage("main", { name: "restore", segments: "forward" }, ({ store }) => store("y", 0));
  leak(builder, "forward", "forward");
  builder.stage("main", { name: "turn" }, ({ store }) => store("y", 0));
  leak(builder, "reverse");
  assert.deepEqual(names(builder), ["prepare", "restore", "forward", "turn", "reverse"]);

  const changing = declared();
  changing.stage("main", { name: "learn", segments: "forward" }, ({ load, store }) => {
    store("decay", l.mul(load("decay"), 0.5));
  });
  changing.stage("main", { name: "other", segments: "forward" }, ({ store }) => store("y", 0));
  leak(changing, "forward", "forward");
  leak(changing, "reverse");
  assert.deepEqual(names(changing), ["learn", "other", "forward", "prepare", "reverse"]);
});
