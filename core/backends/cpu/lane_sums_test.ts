import assert from "node:assert/strict";
import { seededValues } from "../../testing/seeded_values.ts";
import { assemble } from "./assemble.ts";
import { createFunctionWriter } from "./function_writer.ts";
import { type Combine, fourRowSums, pairSum, rowSum } from "./lane_sums.ts";

/** Floats of a row: a pair of vectors; then its sum, the one of a row alone and the one of four rows. */
const PAIR = 8;
const ROW = 12;

/** A module that reads four rows of some vectors, and writes their sums in both ways. */
function textOf(combine: Combine, vectors: number): string {
  const writer = createFunctionWriter({});
  const rows = [0, 1, 2, 3].map((row) =>
    Array.from({ length: vectors }, (_, vector) => {
      const local = writer.local("v128");
      const offset = 4 * (row * ROW + 4 * vector);
      writer.push(`(local.set ${local} (v128.load offset=${offset} (i32.const 0)))`);
      return local;
    })
  );
  const sums = rows.map((row) => pairSum(row, combine, writer));
  sums.forEach((sum, row) => {
    const offset = 4 * (row * ROW + PAIR);
    writer.push(`(f32.store offset=${offset} (i32.const 0) ${rowSum(sum, combine)})`);
  });
  const together = fourRowSums(sums, combine, writer);
  writer.push(`(v128.store offset=${4 * 4 * ROW} (i32.const 0) ${together})`);
  return `(module (memory (export "memory") 1) ${
    writer.text("sums")
  } (export "sums" (func $sums)))`;
}

for (const combine of ["add", "max"] as const) {
  for (const vectors of [1, 2]) {
    Deno.test(`sums of four rows have the bits of the sum of each: ${combine}, ${vectors} vectors`, async () => {
      const instance = new WebAssembly.Instance(await assemble(textOf(combine, vectors)));
      const { memory, sums } = instance.exports as { memory: WebAssembly.Memory; sums(): void };
      const values = new Float32Array(memory.buffer, 0, 4 * ROW + 4);
      values.set(seededValues(4 * ROW, { seed: 1 }));
      const operands = values.slice();
      sums();
      for (let row = 0; row < 4; row++) {
        const elements = operands.subarray(row * ROW, row * ROW + 4 * vectors);
        const expected = combine === "max"
          ? Math.max(...elements)
          : elements.reduce((a, b) => a + b);
        assert.ok(Math.abs(values[row * ROW + PAIR]! - expected) < 1e-6);
        assert.equal(values[4 * ROW + row], values[row * ROW + PAIR]);
      }
    });
  }
}
