/** Forks, first weights and best networks from a script. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { openRun } from "./open_run.ts";
import { trainRun } from "./train_run.ts";

Deno.test(
  "a script forks its best network, and begins from a file",
  inTemporaryFolder(async (folder) => {
    const at = (name: string) => join(folder, name);
    const entries = { task: "palindrome", model: "rnn", updater: "bptt" } as const;
    const quiet = { device: "cpu", progress: "none" } as const;
    const settings = { model: { hidden_size: 4 }, updater: { learning_rate: 0.5 } };
    const training = { iterations: 10, log_every: 1, evaluation_sequences: 20, test_sequences: 20 };
    const first = await trainRun({
      ...{ ...entries, ...quiet, settings, out: at("first") },
      training: { ...training, keep_best: "eval/loss" },
    });
    const [best] = first.best!.iterations;
    assert.ok(best! <= 10);
    using network = await first.run.network({ device: "cpu" });
    assert.equal(network.iteration, best);
    using newest = await first.run.network({ device: "cpu", checkpoint: "newest" });
    assert.equal(newest.iteration, 10);

    const fork = await trainRun({
      ...{ ...quiet, fork: at("first"), checkpoint: "best", out: at("fork") },
      settings: { updater: { learning_rate: 0.01 } },
      training: { iterations: 12 },
    });
    assert.equal(fork.iterations, 12);
    assert.equal(fork.run.config.updater["learning_rate"], 0.01);
    assert.equal(fork.run.config.updater["name"], "bptt");

    const file = join(at("first"), "checkpoints", "best.safetensors");
    const second = await trainRun({
      ...{ ...entries, ...quiet, settings, initFrom: file, out: at("second") },
      training: { ...training, iterations: 1, checkpoint_every: 1 },
    });
    const [, start] = (await openRun(second.folder)).checkpoints();
    const weight = start!.read().tensors.get("i2h/weight")!.data;
    assert.deepEqual([...weight], [...network.weights.get("i2h/weight")!.values]);
  }),
);
