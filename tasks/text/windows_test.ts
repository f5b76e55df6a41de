import assert from "node:assert/strict";
import { createDocumentWriter, type Documents, startOf } from "./documents.ts";
import { heldOutOrder, trainingOrder, type Window } from "./windows.ts";

/** Documents of these lengths. */
function documentsOf(lengths: readonly number[]): Documents {
  const writer = createDocumentWriter(4);
  for (const length of lengths) writer.add(new Uint16Array(length).fill(1), length);
  return writer.finish();
}

const lengths = [3, 40, 17, 5, 18, 90, 4, 33];
const documents = documentsOf(lengths);
const length = 8;

/** The windows of all documents, by where they begin. */
const expected = new Map(lengths.flatMap((size, document) => {
  const start = startOf(documents, document);
  return Array.from(
    { length: Math.ceil((size - 1) / length) },
    (_, window) => [start + window * length, Math.min(length, size - 1 - window * length)] as const,
  );
}));

const covers = (windows: readonly Window[]) =>
  assert.deepEqual(
    windows.map(({ start, steps }) => [start, steps]).sort(([a], [b]) => a! - b!),
    [...expected].sort(([a], [b]) => a - b),
  );

/** An epoch of batches, as rows of windows. */
function readEpoch(batch: number, { epoch = 0, seed = 1, carry = true } = {}): Window[][] {
  const order = trainingOrder(documents, { length, carry });
  const turns = Math.floor(order.count / batch);
  return Array.from(
    { length: batch },
    (_, row) =>
      Array.from(
        { length: turns },
        (_, turn) => order.at({ seed, batch, index: (epoch * turns + turn) * batch + row }),
      ),
  );
}

Deno.test("windows: each character but the first of a document is predicted once an epoch", () => {
  for (const epoch of [0, 1]) {
    covers(readEpoch(1, { epoch }).flat());
    covers(readEpoch(1, { epoch, carry: false }).flat());
  }
  const held = heldOutOrder(documents, length);
  assert.equal(held.count, expected.size);
  const all = Array.from(
    { length: held.count },
    (_, index) => held.at({ seed: 5, batch: 3, index }),
  );
  covers(all);
  assert.ok(all.every(({ continues }) => !continues));
});

Deno.test("windows: one that continues comes right after the one before it, in the same place", () => {
  for (const batch of [1, 2, 3, 5]) {
    const rows = readEpoch(batch, { seed: batch });
    let continued = 0;
    for (const row of rows) {
      row.forEach(({ start, continues }, turn) => {
        const before = row[turn - 1];
        const follows = before !== undefined && before.start + length === start;
        assert.equal(continues, follows && before.steps === length, `${batch}: ${start}`);
        continued += Number(continues);
      });
    }
    assert.ok(continued > expected.size / 3, `${continued} of ${expected.size}`);
    const starts = rows.flat().map(({ start }) => start);
    assert.equal(new Set(starts).size, starts.length);
    assert.ok(starts.length > expected.size - batch);
  }
});

Deno.test("windows: seeds and epochs have other orders, and what was asked before does not matter", () => {
  const order = (options: Parameters<typeof readEpoch>[1]) =>
    readEpoch(2, options).flat().map(({ start }) => start).join();
  assert.equal(new Set([order({}), order({ epoch: 1 }), order({ seed: 2 })]).size, 3);
  for (const carry of [true, false]) {
    const at = (indices: readonly number[]) => {
      const windows = trainingOrder(documents, { length, carry });
      return new Map(indices.map((index) => [index, windows.at({ seed: 3, batch: 4, index })]));
    };
    const indices = Array.from({ length: 200 }, (_, index) => index);
    const [forward, backward] = [at(indices), at([...indices].reverse())];
    for (const index of indices) assert.deepEqual(forward.get(index), backward.get(index));
  }
});

Deno.test("windows: without carry, or with more places than windows, every one begins anew", () => {
  const rows = [...readEpoch(3, { carry: false }).flat()];
  const order = trainingOrder(documents, { length, carry: true });
  const batch = order.count + 1;
  for (let index = 0; index < 2 * batch; index++) rows.push(order.at({ seed: 1, index, batch }));
  assert.ok(rows.every(({ continues }) => !continues));
});
