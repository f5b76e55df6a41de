import assert from "node:assert/strict";
import { join } from "node:path";
import { DamagedFileError } from "./damaged_file_error.ts";
import { followMetrics, type NewRows } from "./follow_metrics.ts";
import { openMetricsLog } from "./metrics.ts";
import { inTemporaryFolder } from "./testing/temporary_folder.ts";

const line = (iteration: number, loss = iteration / 2) =>
  `{"iteration":${iteration},"sequences":${4 * iteration},"seconds":1,"loss":${loss}}\n`;
const append = (path: string, text: string) => Deno.writeTextFileSync(path, text, { append: true });
const told = ({ rows, isAnew, isSampled }: NewRows) => ({
  iterations: rows.map(({ iteration }) => iteration),
  isAnew,
  isSampled,
});

Deno.test(
  "a log is read as it grows: whole lines only, each once",
  inTemporaryFolder((folder) => {
    const path = join(folder, "metrics.jsonl");
    const log = followMetrics(path);
    assert.deepEqual(told(log.newRows()), { iterations: [], isAnew: true, isSampled: false });
    append(path, line(1) + line(2) + line(3).slice(0, 20));
    assert.deepEqual(told(log.newRows()), { iterations: [1, 2], isAnew: true, isSampled: false });
    const nothing = { iterations: [], isAnew: false, isSampled: false };
    assert.deepEqual(told(log.newRows()), nothing);
    append(path, line(3).slice(20));
    assert.deepEqual(told(log.newRows()), { ...nothing, iterations: [3] });
    append(path, "no row\n");
    assert.throws(() => log.newRows(), DamagedFileError);
  }),
);

Deno.test(
  "a log that a resumed run has cut, or another run has written, is read anew",
  inTemporaryFolder((folder) => {
    const path = join(folder, "metrics.jsonl");
    Deno.writeTextFileSync(path, [1, 2, 3, 4].map((index) => line(index)).join(""));
    const log = followMetrics(path);
    log.newRows();
    const resumed = openMetricsLog(path, { resumeAt: 2 });
    assert.deepEqual(told(log.newRows()), { iterations: [1, 2], isAnew: true, isSampled: false });
    // Cut and longer than before when somebody looks again.
    for (let iteration = 3; iteration < 9; iteration++) {
      const row = { iteration, sequences: 4 * iteration, seconds: 1, values: { loss: 0.25 } };
      resumed.append(row);
    }
    assert.equal(log.newRows().isAnew, false);
    resumed.close();
    Deno.writeTextFileSync(path, Array.from({ length: 20 }, (_, i) => line(i, 9)).join(""));
    assert.deepEqual([told(log.newRows()).isAnew, log.newRows().rows], [true, []]);
  }),
);

Deno.test(
  "a long log is sampled at first, and what comes later is read as a whole",
  inTemporaryFolder((folder) => {
    const path = join(folder, "metrics.jsonl");
    Deno.writeTextFileSync(path, Array.from({ length: 100_000 }, (_, i) => line(i)).join(""));
    const log = followMetrics(path);
    const { iterations, isSampled } = told(log.newRows());
    assert.ok(isSampled && iterations.length > 1900 && iterations.length <= 2000);
    assert.deepEqual([iterations[0], iterations.at(-1)], [0, 99_999]);
    append(path, line(100_000) + line(100_001));
    assert.deepEqual(told(log.newRows()), {
      iterations: [100_000, 100_001],
      isAnew: false,
      isSampled: false,
    });
  }),
);
