import assert from "node:assert/strict";
import { join } from "node:path";
import { DamagedFileError } from "./damaged_file_error.ts";
import { sampleMetrics } from "./sample_metrics.ts";
import { inTemporaryFolder } from "./testing/temporary_folder.ts";

/** A log of rows of about `bytes` bytes each. */
function writeLog(path: string, rows: number, { bytes = 80, tail = "" } = {}): void {
  const file = Deno.openSync(path, { write: true, createNew: true });
  const encoder = new TextEncoder();
  const values = ",0.12345678".repeat(Math.max(0, Math.round((bytes - 80) / 11)));
  for (let from = 1; from <= rows; from += 10_000) {
    const count = Math.min(10_000, rows - from + 1);
    const lines = Array.from({ length: count }, (_, index) => {
      const iteration = from + index;
      return `{"iteration":${iteration},"sequences":${
        4 * iteration
      },"seconds":1,"loss":[${iteration}.5${values}]}\n`;
    });
    file.writeSync(encoder.encode(lines.join("")));
  }
  file.writeSync(encoder.encode(tail));
  file.close();
}

Deno.test(
  "a short log is read as a whole, or thinned evenly",
  inTemporaryFolder((folder) => {
    const path = join(folder, "metrics.jsonl");
    assert.deepEqual(sampleMetrics(path), { rows: [], isWhole: true });
    writeLog(path, 101, { tail: '{"iteration":102,"se' });
    const { rows, isWhole } = sampleMetrics(path);
    assert.deepEqual([rows.length, rows.at(-1)!.iteration, isWhole], [101, 101, true]);
    const thinned = sampleMetrics(path, { most: 5 });
    assert.deepEqual(thinned.rows.map(({ iteration }) => iteration), [1, 26, 51, 76, 101]);
    assert.equal(thinned.isWhole, false);
  }),
);

Deno.test(
  "of a log of a million rows some at even distances are read, in less than a second",
  inTemporaryFolder((folder) => {
    const path = join(folder, "metrics.jsonl");
    writeLog(path, 1_000_000, { tail: '{"iteration":1000001,"se' });
    const times: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const start = performance.now();
      const { rows, isWhole } = sampleMetrics(path, { most: 1000 });
      times.push(performance.now() - start);
      const iterations = rows.map(({ iteration }) => iteration);
      assert.deepEqual([iterations[0], iterations.at(-1), isWhole], [1, 1_000_000, false]);
      assert.ok(iterations.length >= 990 && iterations.length <= 1000, String(iterations.length));
      const gaps = iterations.slice(1).map((iteration, index) => iteration - iterations[index]!);
      assert.ok(Math.min(...gaps) > 0 && Math.max(...gaps) < 2000, String(Math.max(...gaps)));
      assert.ok(
        rows.every(({ iteration, values }) =>
          values.loss instanceof Array && values.loss[0] === iteration + 0.5
        ),
      );
    }
    assert.ok(Math.min(...times) < 1000, `${times} ms`);
  }),
);

Deno.test(
  "rows of many replicas are fewer, however many are asked for",
  inTemporaryFolder((folder) => {
    const path = join(folder, "metrics.jsonl");
    writeLog(path, 60, { bytes: 1_000_000 });
    const { rows } = sampleMetrics(path, { most: 1000 });
    assert.ok(rows.length >= 10 && rows.length < 30, String(rows.length));
    assert.deepEqual([rows[0]!.iteration, rows.at(-1)!.iteration], [1, 60]);
  }),
);

Deno.test(
  "a line that is no row is told with its place",
  inTemporaryFolder((folder) => {
    const path = join(folder, "metrics.jsonl");
    writeLog(path, 100_000, { tail: "no row\n" });
    assert.throws(() => sampleMetrics(path), (error) => {
      assert.ok(error instanceof DamagedFileError);
      assert.match(error.message, /metrics\.jsonl: the line at byte \d+ is not a row of metrics$/);
      return true;
    });
  }),
);
