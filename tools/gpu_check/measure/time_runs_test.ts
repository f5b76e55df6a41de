import assert from "node:assert/strict";
import { timeRuns } from "./time_runs.ts";

/** All estimates, where a run takes 3 ms, of which 1 on the host, and a result 11 ms; now and then something else comes. */
async function estimates(seriesMs: number, others: readonly number[] = []) {
  let call = 0;
  const series = (runs: number) =>
    Promise.resolve({ ms: 11 + 3 * runs + (others[call++] ?? 0), hostMs: runs });
  return await Array.fromAsync(timeRuns(series, seriesMs));
}

Deno.test("timeRuns: the wait for a result is taken off, and series get longer until they are long enough", async () => {
  const all = await estimates(20);
  assert.deepEqual(all.map(({ runs }) => runs), [1, 2, 4, 8, 8, 8]);
  for (const { ms, hostMs } of all) assert.deepEqual([ms, hostMs], [3, 1]);
});

Deno.test("timeRuns: a slow run is timed alone, and the least of three counts", async () => {
  const all = await estimates(2, [5, 0, 9, 6, 0, 3]);
  assert.deepEqual(all.map(({ ms, runs }) => [ms, runs]), [[9, 1], [3, 1], [3, 1]]);
});
