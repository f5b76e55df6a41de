import assert from "node:assert/strict";
import { matrix, scalar, vector } from "../program/declaration.ts";
import { computed, normal, uniform } from "../program/initializer.ts";
import { add, batchMean } from "../program/language.ts";
import type { Slot } from "../program/node.ts";
import { createProgram } from "../program/program.ts";
import { initialValues } from "./initial_values.ts";
import {
  checkRun,
  findSlot,
  firstWritten,
  isPersistent,
  iterationSize,
  slotSize,
  stepSize,
  writtenSlots,
} from "./layout.ts";

const extents = { replicas: 2, sequences: 3, steps: 4 };

function program() {
  const builder = createProgram(extents);
  builder.declare("w", matrix(2, 5, normal(1)));
  builder.declare("tall", matrix(3, 2, uniform(-1, 1), { diagonal: 7 }));
  builder.declare("fast", matrix(2, 2, uniform(0, 1), { fast: true }));
  builder.declare("eta", scalar(0.5, { trained: false }));
  builder.declare(
    "position",
    vector(2, computed((out, { step, steps }) => out.set([step, steps])), {
      trained: false,
      perStep: true,
    }),
  );
  builder.slot("x", {
    kind: "input",
    shape: [5],
    hasBatchAxis: true,
    hasTimeAxis: true,
    hasChunkAxis: true,
  });
  builder.slot("y", { kind: "state", shape: [2], hasBatchAxis: true });
  builder.slot("moment", { kind: "optimizer", shape: [2] });
  builder.slot("metrics/train", { kind: "metric", shape: [2], hasChunkAxis: true });
  builder.stage("train", { name: "all" }, ({ load, store }) => {
    store("y", 0);
    store("w", add(load("w"), 1));
    store("moment", batchMean(load("y")));
    store("metrics/train", 0);
  });
  return builder.build();
}

Deno.test("layout: sizes count P, B, T and K as declared", () => {
  const { slots } = program();
  const sizes = (name: string) => {
    const slot = slots.get(name)!;
    return [stepSize(slot, extents), iterationSize(slot, extents), slotSize(slot, extents, 6)];
  };
  assert.deepEqual(sizes("w"), [20, 20, 20]);
  assert.deepEqual(sizes("fast"), [24, 24, 24]);
  assert.deepEqual(sizes("position"), [4, 16, 16]);
  assert.deepEqual(sizes("x"), [30, 120, 720]);
  assert.deepEqual(sizes("metrics/train"), [4, 4, 24]);
});

Deno.test("layout: what a checkpoint holds, and what evaluation puts back", () => {
  const all = program();
  const persistent = [...all.slots.values()].filter(isPersistent).map(({ name }) => name);
  assert.deepEqual(persistent, ["w", "tall", "fast", "eta", "position", "moment"]);
  const written = writtenSlots(all, "train").map(({ name }) => name);
  for (const name of ["w", "moment"]) assert.ok(written.includes(name), name);
  for (const name of ["fast", "metrics/train"]) assert.ok(!written.includes(name), name);
  assert.deepEqual(writtenSlots(all, "nothing"), []);
});

Deno.test("layout: lengths that fit a slot", () => {
  const { slots } = program();
  const check = (name: string, length: number) =>
    firstWritten(slots.get(name)!, length, { extents, chunk: 6 });
  check("w", 20);
  for (const length of [120, 240, 720]) check("x", length);
  for (const [name, length] of [["w", 40], ["w", 0], ["x", 0], ["x", 119], ["x", 840]] as const) {
    assert.throws(() => check(name, length), /RangeError: "\w" holds \d+ values, got \d+/);
  }
  assert.throws(() => findSlot(program(), "no"), /ReferenceError: No slot "no"/);
});

Deno.test("layout: one step of an input, and steps that there are", () => {
  const { slots } = program();
  const start = (name: string, length: number, step: number) =>
    firstWritten(slots.get(name)!, length, { extents, chunk: 6, step });
  assert.deepEqual([0, 1, 3].map((step) => start("x", 30, step)), [0, 30, 90]);
  for (
    const [name, length, step] of [["x", 120, 0], ["x", 30, 4], ["x", 30, -1], [
      "w",
      20,
      0,
    ]] as const
  ) {
    assert.throws(() => start(name, length, step), /RangeError: "\w" holds \d+ values a step, got/);
  }
  const segments = { ...extents, segment: 3 };
  const started = (room: Slot["room"]) =>
    [0, 2, 3].map((step) => {
      const slot: Slot = { ...slots.get("x")!, ...room ? { room } : {} };
      return firstWritten(slot, 30, { extents: segments, chunk: 6, step });
    });
  assert.deepEqual(started("oneSegment"), [0, 60, 0]);
  assert.deepEqual(started("eachSegment"), [0, 0, 30]);
  const run = (step: number) => checkRun(program(), "train", { iterations: 1, step, chunk: 6 });
  run(3);
  for (const step of [-1, 0.5, 4]) assert.throws(() => run(step), /Expected a step from 0 to 3/);
});

Deno.test("initial values: drawn once a replica, equal in every sequence", () => {
  const values = initialValues(program(), "fast", [1, 2]);
  const copy = (index: number) => [...values.slice(4 * index, 4 * index + 4)];
  for (const index of [1, 2]) assert.deepEqual(copy(index), copy(0));
  for (const index of [4, 5]) assert.deepEqual(copy(index), copy(3));
  assert.notDeepEqual(copy(3), copy(0));
  const same = initialValues(program(), "fast", [9, 9]);
  assert.deepEqual([...same.slice(0, 12)], [...same.slice(12)]);
  assert.deepEqual(initialValues(program(), "fast", [1, 2]), values);
});

Deno.test("initial values: another name or seed gives other numbers", () => {
  const first = initialValues(program(), "w", [1, 2]);
  assert.notDeepEqual([...first.slice(0, 10)], [...first.slice(10)]);
  assert.notDeepEqual([...initialValues(program(), "tall", [1, 2])], [...first.slice(0, 12)]);
});

Deno.test("initial values: fixed diagonals, constants and values of every step", () => {
  const tall = [...initialValues(program(), "tall", [1, 2])];
  assert.deepEqual([0, 3, 6, 9].map((index) => tall[index]), [7, 7, 7, 7]);
  assert.deepEqual([...initialValues(program(), "eta", [1, 2])], [0.5, 0.5]);
  const steps = [...initialValues(program(), "position", [1, 2])];
  assert.deepEqual(steps, [0, 4, 0, 4, 1, 4, 1, 4, 2, 4, 2, 4, 3, 4, 3, 4]);
});

Deno.test("initial values: one seed a replica", () => {
  assert.throws(() => initialValues(program(), "w", [1]), /RangeError: Expected 2 seeds/);
  assert.throws(() => initialValues(program(), "no", [1, 2]), /ReferenceError: No slot "no"/);
});
