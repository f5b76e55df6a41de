import assert from "node:assert/strict";
import { seededValues } from "../../testing/seeded_values.ts";
import { assemble } from "./assemble.ts";
import { createFunctionWriter } from "./function_writer.ts";
import { type Combine, fourRowSums, type RowSum, rowSum } from "./lane_sums.ts";

/** Bytes of a row: four lanes, one single number, the sum of the row, and of the row as one of four. */
const ROW = 32;

/** A module that reads four rows, and writes their sums in both ways. */
function textOf(combine: Combine, parts: readonly (keyof RowSum)[]): string {
  const writer = createFunctionWriter([]);
  const read = (kind: "v128" | "f32", offset: number) => {
    const local = writer.local(kind);
    writer.push(`(local.set ${local} (${kind}.load offset=${offset} (i32.const 0)))`);
    return local;
  };
  const rows = [0, 1, 2, 3].map((row): RowSum => ({
    wide: parts.includes("wide") ? read("v128", row * ROW) : undefined,
    single: parts.includes("single") ? read("f32", row * ROW + 16) : undefined,
  }));
  rows.forEach((row, index) =>
    writer.push(`(f32.store offset=${index * ROW + 20} (i32.const 0) ${rowSum(row, combine)})`)
  );
  const together = fourRowSums(rows, combine, writer);
  writer.push(`(v128.store offset=${4 * ROW} (i32.const 0) ${together})`);
  return `(module (memory (export "memory") 1) ${
    writer.text("sums")
  } (export "sums" (func $sums)))`;
}

for (const combine of ["add", "max"] as const) {
  for (const parts of [["wide"], ["single"], ["wide", "single"]] as (keyof RowSum)[][]) {
    Deno.test(`sums of four rows have the bits of the sum of each: ${combine}, ${parts}`, async () => {
      const instance = new WebAssembly.Instance(await assemble(textOf(combine, parts)));
      const { memory, sums } = instance.exports as { memory: WebAssembly.Memory; sums(): void };
      const values = new Float32Array(memory.buffer, 0, ROW + 4);
      values.set(seededValues(ROW, { seed: 1 }));
      const operands = values.slice();
      sums();
      for (let row = 0; row < 4; row++) {
        const start = row * ROW / 4;
        const elements = [
          ...parts.includes("wide") ? operands.subarray(start, start + 4) : [],
          ...parts.includes("single") ? [operands[start + 4]!] : [],
        ];
        const expected = combine === "max"
          ? Math.max(...elements)
          : elements.reduce((a, b) => a + b);
        assert.ok(Math.abs(values[start + 5]! - expected) < 1e-6);
        assert.equal(values[ROW + row], values[start + 5]);
      }
    });
  }
}
