import assert from "node:assert/strict";
import { join } from "node:path";
import { longestLine, readLines } from "./read_lines.ts";
import { inTemporaryFolder } from "./testing/temporary_folder.ts";

Deno.test(
  "lines: short, empty and very long ones, whole or not, with their ends",
  inTemporaryFolder((folder) => {
    const path = join(folder, "a");
    const texts = ["first", "", "é".repeat(1_500_000), "x".repeat(1024 ** 2 - 1), "torn"];
    Deno.writeTextFileSync(path, texts.join("\n"));
    const lines = [...readLines(path)];
    assert.deepEqual(lines.map(({ text }) => text), texts);
    assert.deepEqual(lines.map(({ isWhole }) => isWhole), [true, true, true, true, false]);
    assert.deepEqual(lines.map(({ number }) => number), [1, 2, 3, 4, 5]);
    assert.deepEqual(lines.slice(0, 2).map(({ end }) => end), [6, 7]);
    assert.equal(lines.at(-1)!.end, Deno.statSync(path).size);
    Deno.writeTextFileSync(path, "");
    assert.deepEqual([...readLines(path)], []);
  }),
);

Deno.test(
  "lines: one without end is refused, not read into memory",
  inTemporaryFolder((folder) => {
    const path = join(folder, "a");
    Deno.writeTextFileSync(path, "short\n");
    Deno.truncateSync(path, 4 * longestLine);
    assert.throws(() => [...readLines(path)], /a: line 2 is longer than 16777216 bytes/);
  }),
);
