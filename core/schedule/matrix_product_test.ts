/** Products of matrices: the products of elements are added up where they are made, and take no memory. */
import assert from "node:assert/strict";
import { sizeOf } from "../axes.ts";
import type { Value } from "../program/elementwise.ts";
import * as l from "../program/language.ts";
import { createProgram, type Program } from "../program/program.ts";
import { procedureCost } from "./cost.ts";
import type { Schedule } from "./pass.ts";
import { scheduleStage } from "./schedule.ts";

const extents = { replicas: 1, sequences: 2, steps: 1 };

/** The program that stores one matrix(5, 7) made of a(5, 6) and b(6, 7). */
function programOf(write: (a: Value, b: Value) => Value): Program {
  const builder = createProgram(extents);
  builder.slot("a", { kind: "parameter", shape: [5, 6], hasBatchAxis: true });
  builder.slot("b", { kind: "parameter", shape: [6, 7], hasBatchAxis: true });
  builder.slot("out", { kind: "optimizer", shape: [5, 7], hasBatchAxis: true });
  builder.stage("main", { name: "main" }, (stage) => {
    stage.store("out", write(stage.load("a"), stage.load("b")));
  });
  return builder.build();
}

const scheduleOf = (write: (a: Value, b: Value) => Value): Schedule =>
  scheduleStage(programOf(write).procedures.get("main")![0]!, extents);

/** Passes as their domain, loops, and numbers of temporaries. */
const outline = ({ groups, temporaries }: Schedule): string[] => [
  ...groups.flat().map(({ domain, reduction }) =>
    `${domain.shape.join("x")}${reduction ? ` over ${reduction.axes} of ${reduction.lengths}` : ""}`
  ),
  ...temporaries.map(({ shape }) => `memory for ${shape.join("x")}`),
];

Deno.test("matmul: one pass, a lane an element, no memory but the result", () => {
  assert.deepEqual(outline(scheduleOf((a, b) => l.matmul(a, b))), ["5x7 over shared of 6"]);
});

Deno.test("matmul: what is cheap is made in the loop, what is not and what is transposed before it", () => {
  const cheap = scheduleOf((a, b) => l.matmul(l.mul(a, 2), l.add(b, 1)));
  assert.deepEqual(outline(cheap), ["5x7 over shared of 6"]);
  const costly = scheduleOf((a, b) => l.matmul(l.tanh(a), b));
  assert.deepEqual(outline(costly), ["5x6", "5x7 over shared of 6", "memory for 5x6"]);
  const transposed = scheduleOf((a, b) => l.matmul(a, l.transpose(l.transpose(b))));
  assert.deepEqual(outline(transposed), ["5x7 over shared of 6"]);
  const moved = scheduleOf((a, b) => l.transpose(l.matmul(l.transpose(b), l.transpose(a))));
  assert.ok(moved.temporaries.every(({ shape }) => sizeOf(shape) <= 42));
});

Deno.test("matmul: products of the same extents share a loop, and what follows joins it", () => {
  const both = scheduleOf((a, b) => l.tanh(l.add(l.matmul(a, b), l.matmul(l.mul(a, 2), b))));
  assert.deepEqual(outline(both), ["5x7 over shared of 6"]);
});

Deno.test("matmul: its cost is a multiplication and an addition for each product", () => {
  const { operations } = procedureCost(programOf((a, b) => l.matmul(a, b)), "main");
  assert.equal(operations, 2 * 2 * 5 * 7 * 6);
});
