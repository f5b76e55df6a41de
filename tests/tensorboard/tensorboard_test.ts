/** TensorBoard's own package reads of a run what its other files say. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readMetrics } from "../../store/files/metrics.ts";
import { readLatestCheckpoint } from "../../store/files/checkpoint.ts";
import { readStatus } from "../../store/files/status.ts";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { runHebb } from "../testing/run_hebb.ts";
import { tinyArguments } from "../testing/tiny_run.ts";
import { readEvents, tensorboard } from "./tensorboard_package.ts";

const near = (value: number, expected: number, what: string) =>
  assert.ok(
    Math.abs(value - expected) <= 1e-6 * Math.max(1, Math.abs(expected)),
    `${what}: ${value}, not ${expected}`,
  );

Deno.test(
  "TensorBoard reads curves by seed and point, weights, tests, settings and the config",
  inTemporaryFolder(async (folder) => {
    const problem = await tensorboard.problem();
    if (problem !== undefined) {
      console.log(`left out: TensorBoard cannot be installed here: ${problem}`);
      return;
    }
    const train = async (...args: string[]) => {
      const { code, stderr } = await runHebb([
        ...tinyArguments,
        "--device=cpu",
        "--threads=1",
        ...args,
      ], { folder });
      assert.equal(code, 0, stderr);
    };
    const sweep = ["--sweep=updater.learning_rate=0.01,0.02", "--seed=1,2"];
    await train("--iterations=8", "--log-every=2", "--checkpoint-every=4", ...sweep, "--out=swept");
    await train("--iterations=4", "--log-every=2", "--out=single");
    const resumed = ["train", "--resume=single", "--iterations=6", "--progress=none"];
    assert.equal((await runHebb(resumed, { folder })).code, 0);

    const { runs, sessions } = await readEvents(folder, ["swept", "single"]);
    const { scalars, histograms, texts } = runs["swept"]!;
    const labels = ["0.01, seed 1", "0.01, seed 2", "0.02, seed 1", "0.02, seed 2"]
      .map((label) => `learning rate ${label}`);
    const rows = [...readMetrics(join(folder, "swept/metrics.jsonl"))];
    assert.deepEqual(scalars["train/loss"]!.map(([step]) => step), [2, 4, 6, 8]);
    for (const [index, { values }] of rows.entries()) {
      for (const [replica, label] of labels.entries()) {
        near(
          scalars[`train/loss/${label}`]![index]![1],
          (values["train/loss"] as number[])[replica]!,
          label,
        );
      }
    }
    const { metrics } = readStatus(join(folder, "swept"))!;
    near(scalars[`test/loss/${labels[3]}`]![0]![1], (metrics["test/loss"] as number[])[3]!, "test");
    assert.equal(scalars["test/loss"]![0]![0], 8);

    const { tensors } = readLatestCheckpoint(join(folder, "swept"));
    const weights = Object.entries(histograms);
    assert.ok(weights.length > 3);
    for (const [tag, points] of weights) {
      assert.deepEqual(points.map(([step]) => step), [4, 8], tag);
      const data = [...tensors.get(tag.replace("weights/", ""))!.data];
      const [, count, least, most, inSteps] = points.at(-1)!;
      assert.deepEqual([count, inSteps], [data.length, data.length], tag);
      near(least, Math.min(...data), tag);
      near(most, Math.max(...data), tag);
    }

    const config = JSON.parse(Deno.readTextFileSync(join(folder, "swept/config.json")));
    assert.deepEqual(JSON.parse(/^```json\n(.*)\n```$/s.exec(texts["config"]!)![1]!), config);
    const { hparams, status, metrics: read } = sessions["swept"]!;
    assert.equal(status, "STATUS_SUCCESS");
    assert.equal(hparams["model.hidden_size"], config.model.hidden_size);
    assert.equal(hparams["training.sweep"], JSON.stringify(config.training.sweep));
    assert.ok(!("updater.learning_rate" in hparams));
    near(read["test/loss"]!, scalars["test/loss"]![0]![1], "metric of the session");

    // The run that went on has one row of settings, and one curve without gaps or doubles.
    assert.deepEqual(runs["single"]!.scalars["train/loss"]!.map(([step]) => step), [2, 4, 6]);
    assert.equal(sessions["single"]!.hparams["updater.learning_rate"], 0.01);
    assert.deepEqual(Object.keys(sessions).sort(), ["single", "swept"]);
  }),
);
