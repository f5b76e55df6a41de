import assert from "node:assert/strict";
import { randomStream } from "../core/random.ts";
import type { Split } from "../core/training/task.ts";
import { dataset } from "./dataset.ts";

interface Row {
  readonly x: number;
  readonly text: string;
}

const splits: readonly Split[] = ["train", "validation", "test"];
const rowsOf = (count: number): Row[] =>
  Array.from({ length: count }, (_, x) => ({ x, text: `row ${x % 7}` }));
const shuffled = <V>(values: readonly V[]): V[] => randomStream({ seed: 9 }).shuffle([...values]);
const wordOf = (row: unknown) => JSON.stringify(row);
const setOf = (rows: readonly unknown[]) => new Set(rows.map(wordOf));

/** The rows of sequences first .. first + count - 1. */
const drawn = (
  data: ReturnType<typeof dataset<Row>>,
  split: Split,
  seed = 1,
  count = 1000,
  first = 0,
) =>
  Array.from({ length: count }, (_, n) => {
    const index = first + n;
    return data.row(randomStream({ seed, step: index }), { split, index });
  });

Deno.test("data set: a row is in one split, in any order of the rows and among any others", () => {
  const rows = rowsOf(1000);
  const [data, other, more] = [rows, shuffled(rows), rowsOf(1500)].map((rows) => dataset(rows));
  assert.deepEqual(other!.rows, data!.rows);
  for (const split of splits) {
    const others = setOf(more!.rows[split]);
    assert.ok(data!.rows[split].every((row) => others.has(wordOf(row))));
  }
  // Four standard deviations of a share of 0.1.
  for (const split of ["validation", "test"] as const) {
    assert.ok(Math.abs(data!.rows[split].length - 100) < 38, data!.summary);
  }
  assert.equal(splits.reduce((sum, split) => sum + data!.rows[split].length, 0), 1000);
  const less = dataset(rows, { split: { validation: 0.3, test: 0.1 } });
  assert.deepEqual(setOf(less.rows.test), setOf(data!.rows.test));
});

Deno.test("data set: no row of the test or of validation is ever trained, duplicates among them", () => {
  const rows = rowsOf(200);
  const data = dataset(shuffled([...rows, ...rows.map((row) => ({ ...row })), ...rows.slice(50)]));
  assert.match(data.summary, /; 350 repeat the key of another$/);
  const trained = setOf([1, 2, 3].flatMap((seed) => drawn(data, "train", seed, 3000)));
  const judged = setOf([...drawn(data, "validation"), ...drawn(data, "test")]);
  assert.equal(trained.size + judged.size, 200);
  assert.ok(trained.isDisjointFrom(judged));
  assert.ok(setOf(drawn(data, "validation")).isDisjointFrom(setOf(drawn(data, "test"))));
});

Deno.test("data set: rows of one key stay together", () => {
  const data = dataset(rowsOf(400), { key: ({ x }) => x % 40 });
  const keys = splits.map((split) => new Set(data.rows[split].map(({ x }) => x % 40)));
  assert.equal(keys.reduce((sum, { size }) => sum + size, 0), 40);
});

Deno.test("data set: of a split by its authors what is held out too is not trained", () => {
  const rows = rowsOf(30);
  const authors = (row: Row): Split => row.x < 20 ? "train" : row.x < 25 ? "validation" : "test";
  const key = ({ x }: Row) => x === 29 || x === 24 ? 3 : x;
  const data = dataset(rows, { split: authors, key });
  assert.deepEqual(setOf(data.rows.test), setOf([3, 24, 25, 26, 27, 28, 29].map((x) => rows[x])));
  assert.equal(data.rows.train.length, 19);
});

Deno.test("data set: every row comes once an epoch, in another order for each seed and epoch", () => {
  const data = dataset(rowsOf(100));
  const { length } = data.rows.train;
  const epoch = (seed: number, n: number) => drawn(data, "train", seed, length, n * length);
  const epochs = [epoch(1, 0), epoch(1, 1), epoch(2, 0), epoch(2, 7)];
  for (const rows of epochs) assert.deepEqual(setOf(rows), setOf(data.rows.train));
  assert.equal(setOf(epochs).size, epochs.length);
  // As a resumed run, or a thread that draws ahead, asks.
  const fresh = dataset(rowsOf(100));
  assert.deepEqual(drawn(fresh, "train", 1, 3, length - 1), [
    epoch(1, 0).at(-1),
    ...epoch(1, 1).slice(0, 2),
  ]);
  assert.deepEqual(epoch(1, 0), epochs[0]);
});

Deno.test("data set: held-out rows are the same for every seed, each once before any comes again", () => {
  const data = dataset(rowsOf(100));
  for (const split of ["validation", "test"] as const) {
    const rows = data.rows[split];
    assert.deepEqual(drawn(data, split, 5, 2 * rows.length), [...rows, ...rows]);
  }
});

Deno.test("data set: the scale is that of training alone", () => {
  const data = dataset(rowsOf(300));
  const { mean, deviation, apply, undo } = data.scale(({ x }) => [x, x < 3 ? NaN : 2], 2);
  const xs = data.rows.train.map(({ x }) => x);
  const average = xs.reduce((sum, x) => sum + x) / xs.length;
  const variance = xs.reduce((sum, x) => sum + (x - average) ** 2, 0) / xs.length;
  assert.ok(Math.abs(mean[0]! - average) < 1e-9);
  assert.ok(Math.abs(deviation[0]! - Math.sqrt(variance)) < 1e-9);
  assert.deepEqual([mean[1], deviation[1]], [2, 1]);
  assert.deepEqual([...apply([mean[0]!, 5, mean[0]!, NaN])], [0, 3, 0, 0]);
  assert.deepEqual([...undo(apply([7, 5])).map(Math.round)], [7, 5]);
  assert.throws(
    () => data.scale(() => [1, 2, 3], 2),
    /3 numbers are no whole number of vectors of 2/,
  );
  assert.throws(() => data.scale(() => [NaN]), /Element 0 of the data is missing in every row/);
  assert.throws(() => data.scale(() => [Infinity]), /Element 0 of the data is infinite in a row/);
});

Deno.test("data set: shares that cannot be, and splits without rows, are refused", () => {
  const rows = rowsOf(50);
  for (
    const split of [{ test: 0 }, { validation: 1 }, { test: 0.5, validation: 0.5 }, { test: NaN }]
  ) {
    assert.throws(
      () => dataset(rows, { split }),
      /^RangeError: The shares of validation and test|^CodeError: split: expected a number/,
    );
  }
  assert.throws(
    () => dataset(rows, { key: () => 1 }),
    /^RangeError: A data set of 50 rows \(1 keys\) has none of (train|validation): /,
  );
  assert.throws(() => dataset([() => 1]), /^TypeError: A row of a data set must be plain data/);
});

Deno.test("dataset: an option that nothing reads is one line", () => {
  const told = (options: object, message: string) =>
    assert.throws(() => dataset([1, 2, 3], options), { name: "CodeError", message });
  told({ splt: {} }, 'dataset: unknown key "splt" (did you mean split?); keys are key, split');
  told(
    { split: { tset: 0.2 } },
    'split: unknown key "tset" (did you mean test?); keys are validation, test',
  );
});
