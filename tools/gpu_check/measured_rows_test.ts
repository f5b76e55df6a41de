import assert from "node:assert/strict";
import { deadlines } from "./deadlines.ts";
import { leftOut, printMeasured, type Session, type Turn } from "./measured_rows.ts";

/** A clock that only measurements move, and what is printed by it. */
function fakeSession() {
  let time = 0;
  const rows: string[] = [];
  const session: Session = {
    now: () => time,
    print: (...lines) => rows.push(...lines.filter((line) => /^\| \d/.test(line))),
    tell() {},
    stop: new AbortController().signal,
  };
  return { session, rows, pass: (ms: number) => time += ms };
}

/** Measures items that take so many milliseconds, until `until`. @returns the limits that they had, and when all ended. */
async function measureAll(times: readonly number[], until = 100_000) {
  const { session, rows, pass } = fakeSession();
  const limits: number[] = [];
  await printMeasured(session, {
    title: "Items",
    columns: ["item", "time"],
    items: times,
    until,
    nameOf: String,
    measure(item, { limitMs }: Turn) {
      limits.push(limitMs);
      pass(Math.min(item, limitMs));
      return Promise.resolve(
        item > limitMs ? leftOut("slow") : { cells: [`${item}`], passed: true },
      );
    },
  });
  return { limits: limits.map(Math.round), rows, ended: session.now() };
}

Deno.test("deadlines: the last is the end, and what is kept for each goes by its weight", () => {
  const ends = deadlines([1, 2, 1], { from: 100, until: 500 });
  assert.deepEqual(ends.map(Math.round), [290, 430, 500]);
  assert.deepEqual(deadlines([], { from: 0, until: 1 }), []);
});

Deno.test("deadlines: however long each takes, every row has its turn, and all end in time", async () => {
  const { limits, rows, ended } = await measureAll(Array(4).fill(1e6));
  assert.deepEqual(limits, [47_500, 17_500, 17_500, 17_500]);
  assert.deepEqual(rows, Array(4).fill("| 1000000 | left out: slow |"));
  assert.equal(Math.round(ended), 100_000);
});

Deno.test("deadlines: what the quick ones leave, a slow one may use", async () => {
  const { limits, rows } = await measureAll([1000, 1000, 60_000, 1000]);
  assert.deepEqual(limits, [47_500, 64_000, 80_500, 38_000]);
  assert.equal(rows[2], "| 60000 | 60000 |");
});

Deno.test("deadlines: where shares are too short to be of use, fewer rows have their turn", async () => {
  const { limits, rows, ended } = await measureAll(Array(4).fill(1e6), 20_000);
  assert.deepEqual(limits, [10_000, 10_000]);
  assert.deepEqual(rows.slice(2), Array(2).fill("| 1000000 | left out: no time is left |"));
  assert.equal(ended, 20_000);
});

Deno.test("deadlines: with no time left, rows say so and nothing is started", async () => {
  const { session, rows } = fakeSession();
  const passed = await printMeasured(session, {
    title: "Items",
    columns: ["item", "time"],
    items: [1, 2],
    until: 0,
    nameOf: String,
    measure: () => assert.fail("there is no time"),
  });
  assert.equal(passed, true);
  assert.deepEqual(rows, [1, 2].map((item) => `| ${item} | left out: no time is left |`));
});
