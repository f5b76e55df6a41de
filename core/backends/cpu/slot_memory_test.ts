import assert from "node:assert/strict";
import { sizeOf } from "../../axes.ts";
import type { Slot } from "../../program/node.ts";
import { rowSize } from "./row_size.ts";
import { readRows, writeRows } from "./slot_memory.ts";

const slot = (shape: Slot["shape"]): Slot => ({
  name: "a",
  kind: "tape",
  shape,
  hasBatchAxis: true,
  hasTimeAxis: true,
  hasChunkAxis: false,
});

const count = (length: number) => Float32Array.from({ length }, (_, index) => index + 1);

Deno.test("slot memory: rows come back, and what is between them stays as it is", () => {
  for (const shape of [[], [1], [3], [5], [8], [9], [2, 3], [4, 1], [1, 6], [3, 17]] as const) {
    const row = shape.at(-1) ?? 1;
    const written = count(6 * sizeOf(shape));
    const rows = written.length / row;
    const region = { arena: 0, offset: 8, size: rows * rowSize(row) };
    const values = new Float32Array(region.size + 32).fill(-1);
    const memory = { values, arena: 4, region, replicas: 2 };
    writeRows(slot(shape), { source: written, first: 0 }, memory);
    assert.deepEqual(readRows(slot(shape), written.length, memory), written, `${shape}`);
    assert.equal(values.filter((value) => value === -1).length, values.length - written.length);
  }
});

Deno.test("slot memory: a thread's copy of a slot takes what there is room for, and no more", () => {
  const region = { arena: 0, offset: 0, size: 16, threadStride: 16 };
  const written = (source: Float32Array, first: number) => {
    const values = new Float32Array(64);
    writeRows(slot([5]), { source, first }, { values, arena: 0, region, replicas: 1 });
    return [...values.entries()].flatMap(([index, value]) => value === 0 ? [] : [index]);
  };
  assert.deepEqual(written(count(30), 0), [0, 1, 2, 3, 4, 8, 9, 10, 11, 12]);
  assert.deepEqual(written(count(5), 5), [8, 9, 10, 11, 12]);
  assert.deepEqual(written(count(5), 10), []);
});
