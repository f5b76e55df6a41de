/** What a script reads of a run whose task has levels. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { trainRun } from "./train_run.ts";

Deno.test(
  "openRun: networks of levels are listed, run at their own level, and are judged on movies",
  inTemporaryFolder(async (folder) => {
    const { run } = await trainRun({
      task: "continual_scene",
      model: "hybrid",
      updater: "bptt",
      settings: {
        task: {
          vec_len: 5,
          scene_time: 1,
          interval: 5,
          max_interval: 6,
          acc_threshold: 0,
          acc_num: 2,
        },
        model: { hidden_dims: [3, 2] },
      },
      training: { iterations: 3, batch_size: 2, test_sequences: 0, evaluation_sequences: 0 },
      device: { name: "cpu", threads: 1 },
      progress: "none",
      out: join(folder, "run"),
    });
    const [file] = run.levels();
    assert.deepEqual([file!.level, file!.replica.label, file!.read().iteration], [5, "seed 1", 2]);
    const device = "cpu";
    using passed = await run.network({ device });
    assert.deepEqual([passed.level, passed.iteration], [5, 2]);
    using newest = await run.network({ device, level: "newest" });
    assert.deepEqual([newest.level, newest.iteration], [6, 3]);
    const [sequence] = newest.heldOut(1);
    const [activity] = await newest.run([sequence!]);
    assert.equal(activity!.steps, newest.task.steps);
    const judged = await run.evaluate({ device, scenes: 20, intervals: [5, 6] });
    assert.ok(judged.kind === "levels");
    assert.deepEqual(judged.movies.map(({ level, interval }) => [level, interval]), [[5, 5], [
      5,
      6,
    ]]);
    await assert.rejects(
      run.evaluate({ sequences: 5 }),
      /^UsageError: sequences: it has no meaning here: the sequences of this run are movies/,
    );
  }),
);
