import assert from "node:assert/strict";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { lockRunFolder } from "../../store/files/run_lock.ts";
import { hybridConfigurations } from "../hybrid/configurations.ts";
import { writeSampleRun } from "../testing/sample_run.ts";
import { listJobs } from "./jobs.ts";
import { openShards } from "./open_shards.ts";

const configuration = hybridConfigurations[0]!;
const goal = { iterations: 50 };

Deno.test(
  "a shard is open while a job of it can be trained or followed by a command",
  inTemporaryFolder((out) => {
    const seeds = [1, 2, 3, 4, 5, 6, 7];
    const jobs = listJobs([configuration], { seeds, sideBySide: false, out });
    const train = (index: number, endReason: "completed" | "failed" | "diverged") =>
      writeSampleRun(jobs[index]!.folder, {
        ...{ configuration, seeds: [seeds[index]!], passedAt: [[10, 20]], endReason },
        ...{ iterations: goal.iterations, updates: endReason === "completed" ? 50 : 30 },
      });
    for (const index of [0, 1, 2, 5]) train(index, "completed");
    train(4, "failed");
    train(6, "diverged");
    const unlock = lockRunFolder(jobs[5]!.folder);
    const options = { shards: 7, goal };
    const { open, summary } = openShards(jobs, options);
    const afterTraining = {
      command: "examine",
      reason: (folder: string) => folder === jobs[1]!.folder ? "not examined" : undefined,
      args: () => [],
    };
    const followed = openShards(jobs, { ...options, afterTraining });
    const pairs = openShards(jobs, { ...options, shards: 3 });
    unlock();
    assert.deepEqual(open, [4, 5]);
    assert.equal(summary, "jobs: 3 done, 1 new, 1 to go on, 1 in use, 1 diverged");
    assert.deepEqual(followed.open, [2, 4, 5]);
    // Two, two and three jobs.
    assert.deepEqual(pairs.open, [2, 3]);
    assert.equal(pairs.summary, summary);
  }),
);
