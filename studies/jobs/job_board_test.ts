import assert from "node:assert/strict";
import { createJobBoard } from "./job_board.ts";
import type { Job } from "./jobs.ts";

const job = (name: string): Job => ({
  name,
  configuration: { name, title: name, settings: [] },
  seeds: [1],
  folder: name,
  log: `${name}.log`,
});
const [a, b, c] = ["a", "bb", "c"].map(job) as [Job, Job, Job];
const untouched = { updates: 0, seconds: 0 };

Deno.test("a line for each running job, and the time left for all", () => {
  const board = createJobBoard(
    [
      { job: a, state: { updates: 40, seconds: 4, passed: [1, 1] } },
      { job: b, state: untouched },
      { job: c, state: untouched },
    ],
    { iterations: 100 },
  );
  assert.deepEqual(board.lines(), ["0 of 3 jobs ended, 0 running"]);
  board.update(a, { updates: 40, seconds: 4, passed: [1, 1] });
  board.update(b, untouched);
  board.update(a, { updates: 60, seconds: 6, passed: [2, 3] });
  // 40 + 100 + 100 updates at 10 a second
  assert.deepEqual(board.lines(), [
    "a   60/100 (60%)  R 2 to 3 passed  10.0 updates/s",
    "bb  0/100 (0%)",
    "0 of 3 jobs ended, 2 running  at most about 24s left",
  ]);
  board.close(a);
  board.close(c);
  board.update(b, { updates: 50, seconds: 25, passed: [0, 0] });
  assert.deepEqual(board.lines(), [
    "bb  50/100 (50%)  no R passed yet  2.00 updates/s",
    "2 of 3 jobs ended, 1 running  at most about 25s left",
  ]);
});

Deno.test("a run that starts again from an older checkpoint has no speed at first", () => {
  const board = createJobBoard([{ job: a, state: { updates: 90, seconds: 9 } }], {
    iterations: 100,
  });
  board.update(a, { updates: 50, seconds: 5 });
  assert.equal(board.lines()[0], "a  50/100 (50%)");
  board.update(a, { updates: 70, seconds: 6 });
  assert.match(board.lines()[0]!, /20\.0 updates\/s/);
});

Deno.test("one update that warms up is no speed", () => {
  const board = createJobBoard([{ job: a, state: { updates: 0, seconds: 0 } }], {
    iterations: 100,
  });
  board.update(a, { updates: 1, seconds: 0.5 });
  assert.equal(board.lines()[0], "a  1/100 (1%)");
  board.update(a, { updates: 41, seconds: 2 });
  assert.match(board.lines()[0]!, /20\.5 updates\/s/);
});
