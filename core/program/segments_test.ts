import assert from "node:assert/strict";
import type { Extents } from "../axes.ts";
import { add, stepIndex } from "./language.ts";
import { constant } from "./node.ts";
import { createProgram, type SegmentLoop } from "./program.ts";
import { bySegmentLoop, segmentsOf, stepsOf, visits } from "./segments.ts";

const stage = (
  name: string,
  loop: "none" | "forward" | "reverse" | "one" = "none",
  segments?: SegmentLoop,
) => ({ stage: { name, loop, stores: [], segments } });

const extentsOf = (steps: number, segment?: number): Extents => ({
  ...{ replicas: 1, sequences: 1, steps },
  ...segment === undefined ? {} : { segment },
});

/** What runs, in order: the name of the stage, and its steps. */
const runs = (stages: readonly ReturnType<typeof stage>[], extents: Extents): string[] =>
  [...visits(stages, extents)].map((visit) =>
    `${visit.visited.stage.name} ${stepsOf(visit, 9).join()}`
  );

Deno.test("segments: neighbouring stages go over a segment each, then over the next", () => {
  const stages = [
    stage("reset"),
    stage("begin", "none", "forward"),
    stage("run", "forward", "forward"),
    stage("again", "forward", "reverse"),
    stage("back", "reverse", "reverse"),
    stage("finish"),
  ];
  assert.deepEqual(runs(stages, extentsOf(5, 2)), [
    "reset 0",
    ...["begin 0", "run 0,1", "begin 2", "run 2,3", "begin 4", "run 4"],
    ...["again 4", "back 4", "again 2,3", "back 3,2", "again 0,1", "back 1,0"],
    "finish 0",
  ]);
  assert.deepEqual(runs(stages, extentsOf(1, 1)), [
    ...["reset 0", "begin 0", "run 0", "again 0", "back 0", "finish 0"],
  ]);
});

Deno.test("segments: stages without them go over all steps", () => {
  const stages = [stage("run", "forward"), stage("back", "reverse"), stage("here", "one")];
  const expected = ["run 0,1,2", "back 2,1,0", "here 9"];
  assert.deepEqual(runs(stages, extentsOf(3)), expected);
  assert.deepEqual(runs(stages, extentsOf(3, 2)), expected);
});

Deno.test("segments: two loops of the same order are one, others are not", () => {
  const names = (orders: readonly (SegmentLoop | undefined)[]) =>
    bySegmentLoop(orders, (order) => order).map((group) => group.length);
  assert.deepEqual(names(["forward", "forward", "reverse", undefined, undefined]), [2, 1, 1, 1]);
  assert.deepEqual(names(["forward", undefined, "forward"]), [1, 1, 1]);
  assert.equal(segmentsOf(extentsOf(7, 3)), 3);
  assert.equal(segmentsOf(extentsOf(7)), 1);
});

Deno.test("segments: a slot of one segment is used by stages of segments alone", () => {
  const builder = createProgram(extentsOf(5, 2));
  builder.slot("tape", { kind: "tape", hasTimeAxis: true, room: "oneSegment" });
  const refused = /RangeError: "tape" is used by stages that go over segments alone/;
  assert.throws(
    () =>
      builder.stage("main", { name: "a", loop: "forward" }, ({ store }) => void store("tape", 1)),
    refused,
  );
  assert.throws(
    () => builder.stage("main", { name: "b" }, ({ load }) => void load("tape")),
    refused,
  );
  builder.stage("main", { name: "c", loop: "forward", segments: "forward" }, (stage) => {
    stage.store("tape", add(stepIndex(constant(stage.graph, 0)), 1));
  });
  assert.throws(
    () => builder.slot("tape", { kind: "tape", hasTimeAxis: true }),
    /"tape" is declared twice/,
  );
});
