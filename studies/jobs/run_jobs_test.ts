import assert from "node:assert/strict";
import { runJobs } from "./run_jobs.ts";

Deno.test("jobs are begun in order, so many at a time", async () => {
  const begun: number[] = [];
  let [running, most] = [0, 0];
  await runJobs([1, 2, 3, 4, 5], {
    atOnce: 2,
    isStopped: () => false,
    async work(job) {
      begun.push(job);
      most = Math.max(most, ++running);
      // The first is slow: the others pass it by.
      for (let turn = 0; turn < (job === 1 ? 20 : 2); turn++) await Promise.resolve();
      running--;
    },
  });
  assert.deepEqual(begun, [1, 2, 3, 4, 5]);
  assert.equal(most, 2);
});

Deno.test("none is begun after a stop, those that run are waited for", async () => {
  const ended: number[] = [];
  let isStopped = false;
  await runJobs([1, 2, 3, 4], {
    atOnce: 2,
    isStopped: () => isStopped,
    async work(job) {
      await Promise.resolve();
      isStopped = true;
      ended.push(job);
    },
  });
  assert.deepEqual(ended, [1, 2]);
});

Deno.test("what a job throws is thrown once the others have ended", async () => {
  const ended: number[] = [];
  const run = runJobs([1, 2, 3], {
    atOnce: 2,
    isStopped: () => false,
    async work(job) {
      if (job === 1) throw new Error("disk full");
      await Promise.resolve();
      ended.push(job);
    },
  });
  await assert.rejects(run, /disk full/);
  assert.deepEqual(ended, [2]);
});
