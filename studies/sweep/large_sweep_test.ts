/** Sweeps of ten thousand points: nothing that a person waits for takes long, or makes a page that no browser opens. */
import assert from "node:assert/strict";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { propose } from "../search/propose.ts";
import { planJobs } from "./plan_jobs.ts";
import { drawSweep } from "./report/draw_sweep.ts";
import { resultLines, resultsCsv } from "./results_text.ts";
import { readSweepResults } from "./run_sweep.ts";
import { definedSweep, simulateSweep } from "./testing/simulated_sweep.ts";

const text = `
method: random
run_cap: 10000
metric: { name: eval/loss, goal: minimize }
parameters:
  learning_rate: { distribution: log_uniform_values, min: 0.0001, max: 1 }
  model.plast_clip: { distribution: uniform, min: 0.01, max: 0.9 }
  hidden_size: { values: [8, 12, 16] }
`;

/** Seconds on this machine; others work on it too. */
async function secondsOf<T>(work: () => T | Promise<T>): Promise<{ result: T; seconds: number }> {
  const start = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - start) / 1000 };
}

Deno.test(
  "a sweep of 10,000 points is planned, listed and drawn in seconds, and its page is no larger than others",
  inTemporaryFolder(async (folder) => {
    const sweep = await definedSweep(folder, { text, seeds: [1, 2, 3, 4, 5] });
    const trials = propose(sweep.file, { seed: 1, known: [], count: Infinity });
    assert.equal(trials.length, 10_000);
    const plan = await secondsOf(() => planJobs(sweep, trials, { atOnce: 2 }));
    assert.ok(plan.result.length < 900, `${plan.result.length} runs`);
    await simulateSweep(sweep, {
      metric: "eval/loss",
      scoreOf: ({ "updater.learning_rate": rate }, seed) =>
        Math.abs(Math.log10(rate as number) + 2) + seed / 100,
    });
    const read = await secondsOf(() => readSweepResults(sweep));
    const [best] = read.result.points;
    assert.ok(
      Math.abs(Math.log10(best!.trial.values["updater.learning_rate"] as number) + 2) < 0.01,
    );
    const table = await secondsOf(() =>
      resultLines(read.result).join("\n") + resultsCsv(read.result)
    );
    assert.equal(table.result.match(/^\d+,\d{4},done/gm)!.length, 10_000);
    const page = await secondsOf(() => drawSweep(sweep, read.result));
    assert.ok(page.result.length < 5e6, `${page.result.length} bytes`);
    for (const { seconds } of [plan, read, table, page]) assert.ok(seconds < 10, `${seconds} s`);
  }),
);
