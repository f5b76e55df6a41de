import assert from "node:assert/strict";
import { join } from "node:path";
import { DamagedFileError } from "./damaged_file_error.ts";
import { type MetricsRow, openMetricsLog, readMetrics } from "./metrics.ts";
import { inTemporaryFolder } from "./testing/temporary_folder.ts";

const row = (iteration: number, values: Record<string, number> = { loss: 1 / iteration }) => ({
  iteration,
  sequences: 8 * iteration,
  seconds: 0.5 * iteration,
  values,
});

function write(path: string, rows: MetricsRow[], options?: { resumeAt: number }): void {
  const log = openMetricsLog(path, options);
  for (const entry of rows) log.append(entry);
  log.close();
}

Deno.test(
  "metrics: one flat JSON object a line, read back as written",
  inTemporaryFolder((folder) => {
    const path = join(folder, "metrics.jsonl");
    const rows = [row(1, { "train/loss": 0.25, recall: 1 }), row(2, {})];
    write(path, rows);
    assert.equal(
      Deno.readTextFileSync(path),
      '{"iteration":1,"sequences":8,"seconds":0.5,"train/loss":0.25,"recall":1}\n' +
        '{"iteration":2,"sequences":16,"seconds":1}\n',
    );
    assert.deepEqual([...readMetrics(path)], rows);
    assert.deepEqual([...readMetrics(join(folder, "none.jsonl"))], []);
  }),
);

Deno.test(
  "metrics: one number a replica is an array, NaN and infinities included",
  inTemporaryFolder((folder) => {
    const path = join(folder, "metrics.jsonl");
    const rows = [{ ...row(1), values: { a: [0.5, NaN], b: 1 } }];
    write(path, rows);
    assert.match(Deno.readTextFileSync(path), /"a":\[0\.5,"NaN"\],"b":1/);
    assert.deepEqual([...readMetrics(path)], rows);
  }),
);

Deno.test(
  "metrics: NaN and infinities are kept as texts",
  inTemporaryFolder((folder) => {
    const path = join(folder, "metrics.jsonl");
    const rows = [row(1, { a: NaN, b: Infinity, c: -Infinity })];
    write(path, rows);
    assert.match(Deno.readTextFileSync(path), /"a":"NaN","b":"Infinity","c":"-Infinity"/);
    assert.deepEqual([...readMetrics(path)], rows);
  }),
);

Deno.test(
  "metrics: resuming drops a torn line and all rows past the checkpoint",
  inTemporaryFolder((folder) => {
    const path = join(folder, "metrics.jsonl");
    write(path, [row(1), row(2), row(3)]);
    Deno.writeTextFileSync(path, '{"iteration":4,"sequ', { append: true });
    assert.deepEqual([...readMetrics(path)].map(({ iteration }) => iteration), [1, 2, 3]);
    write(path, [row(3), row(4)], { resumeAt: 2 });
    assert.deepEqual([...readMetrics(path)], [row(1), row(2), row(3), row(4)]);
    write(path, [], { resumeAt: 0 });
    assert.equal(Deno.readTextFileSync(path), "");
  }),
);

Deno.test(
  "metrics: resuming a run that logged nothing starts the file",
  inTemporaryFolder((folder) => {
    const path = join(folder, "metrics.jsonl");
    write(path, [row(6)], { resumeAt: 5 });
    assert.deepEqual([...readMetrics(path)], [row(6)]);
  }),
);

Deno.test(
  "metrics: a new log never overwrites one, and follows no link",
  inTemporaryFolder((folder) => {
    const path = join(folder, "metrics.jsonl");
    write(path, [row(1)]);
    assert.throws(() => openMetricsLog(path), Deno.errors.AlreadyExists);
    const link = join(folder, "link.jsonl");
    Deno.symlinkSync(path, link);
    assert.throws(() => openMetricsLog(link), Deno.errors.AlreadyExists);
    assert.throws(() => openMetricsLog(link, { resumeAt: 0 }), /symbolic link/);
    assert.deepEqual([...readMetrics(path)], [row(1)]);
  }),
);

Deno.test(
  "metrics: a damaged line that is not the last is an error that names it",
  inTemporaryFolder((folder) => {
    const path = join(folder, "metrics.jsonl");
    const good = '{"iteration":1,"sequences":8,"seconds":0.5}\n';
    const lines = [
      "nonsense",
      "[]",
      "{}",
      '{"iteration":1,"sequences":1,"seconds":1,"a":null}',
      "",
    ];
    for (const bad of lines) {
      Deno.writeTextFileSync(path, `${good}${bad}\n${good}`);
      assert.throws(() => [...readMetrics(path)], (error: unknown) => {
        assert.ok(error instanceof DamagedFileError);
        assert.equal(error.message, `${path}: line 2 is not a row of metrics`);
        return true;
      });
      Deno.writeTextFileSync(path, `${good}${bad}\n`);
      assert.equal([...readMetrics(path)].length, 1);
    }
  }),
);

Deno.test(
  "metrics: reserved names are refused",
  inTemporaryFolder((folder) => {
    const log = openMetricsLog(join(folder, "metrics.jsonl"));
    for (const name of ["iteration", "seconds", "__proto__"]) {
      const values = Object.fromEntries([[name, 1]]);
      assert.throws(() => log.append(row(1, values)), TypeError);
    }
    log.close();
  }),
);

Deno.test(
  "metrics: a list of one number, of one replica, is one number in the file",
  inTemporaryFolder((folder) => {
    const path = join(folder, "metrics.jsonl");
    write(path, [{ ...row(1), values: { a: [0.5], b: [NaN], c: [1, 2] } }]);
    assert.equal(
      Deno.readTextFileSync(path),
      '{"iteration":1,"sequences":8,"seconds":0.5,"a":0.5,"b":"NaN","c":[1,2]}\n',
    );
  }),
);
