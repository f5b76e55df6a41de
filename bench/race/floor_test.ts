import assert from "node:assert/strict";
import { add, mul } from "../../core/program/language.ts";
import { createProgram } from "../../core/program/program.ts";
import type { Machine } from "../machine/machine.ts";
import { floorOf } from "./floor.ts";

/** Two threads of 10 GFLOP/s; copies at 4 GB/s in a cache of 1 MiB, else at 1. */
const machine: Machine = {
  threads: 2,
  kernels: [{ name: "slow", gigaflops: 5 }, { name: "fast", gigaflops: 10 }],
  copies: [{ bytes: 1 << 20, gigabytes: 4 }, { bytes: 1 << 22, gigabytes: 1 }],
};

const STEPS = 10;

/** A square matrix a sequence that is halved, and moved by 1, at every step. */
function halving(size: number, { sequences }: { sequences: number }) {
  const builder = createProgram({ replicas: 1, sequences, steps: STEPS });
  builder.slot("m", { kind: "state", shape: [size, size], hasBatchAxis: true });
  builder.stage("train", { name: "halve", loop: "forward" }, (stage) => {
    stage.store("m", add(mul(stage.load("m"), 0.5), 1));
  });
  return builder.build();
}

Deno.test("floor: what stays in the first cache is bound by operations alone", () => {
  const { operations, operationsMs, bytes, ms } = floorOf(halving(64, { sequences: 1 }), machine);
  assert.equal(operations, 2 * 64 * 64 * STEPS);
  assert.equal(operationsMs, operations / 10e6, "one sequence has one thread, at its fastest rate");
  assert.equal(bytes, 0);
  assert.equal(ms, operationsMs);
});

Deno.test("floor: a larger matrix is read and written at each step, at the rate of the cache that holds it", () => {
  for (const [size, rate] of [[256, 4], [1024, 1]] as const) {
    const { bytes, bytesMs, ms } = floorOf(halving(size, { sequences: 1 }), machine);
    assert.equal(bytes, 2 * 4 * size * size * STEPS);
    assert.equal(bytesMs, bytes / (rate * 1e6));
    assert.equal(ms, bytesMs);
  }
});

Deno.test("floor: sequences that do not wait share the threads, each with a cache of its own", () => {
  const [one, eight] = [1, 8].map((sequences) => floorOf(halving(256, { sequences }), machine));
  assert.equal(eight!.bytes, 8 * one!.bytes);
  assert.equal(eight!.bytesMs, 4 * one!.bytesMs);
  assert.equal(eight!.operationsMs, 4 * one!.operationsMs);
});

Deno.test("floor: a tape with room for a segment stays in a cache that one of all steps leaves", () => {
  const [segment, units] = [5, 4096];
  const floorWith = (room: "oneSegment" | undefined) => {
    const builder = createProgram({ replicas: 1, sequences: 1, steps: 100, segment });
    builder.slot("x", { kind: "state", shape: [units], hasBatchAxis: true });
    builder.slot("saved", {
      kind: "tape",
      shape: [units],
      hasBatchAxis: true,
      hasTimeAxis: true,
      room: "eachSegment",
    });
    builder.slot("tape", {
      kind: "tape",
      shape: [units],
      hasBatchAxis: true,
      hasTimeAxis: true,
      room,
    });
    builder.stage("train", { name: "save", segments: "forward" }, ({ load, store }) => {
      store("saved", mul(load("x"), 2));
    });
    builder.stage("train", { name: "step", loop: "forward", segments: "forward" }, (stage) => {
      stage.store("tape", mul(stage.load("x"), 2));
    });
    return floorOf(builder.build(), machine);
  };
  const bytes = 4 * units;
  const saved = 100 / segment * bytes;
  const [long, short] = [floorWith(undefined), floorWith("oneSegment")];
  assert.equal(long.bytes, saved + 100 * bytes);
  assert.equal(short.bytes, long.bytes);
  assert.equal(long.bytesMs, (saved / 4 + 100 * bytes) / 1e6);
  assert.equal(short.bytesMs, long.bytes / 4 / 1e6);
});
