import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { runHebb } from "./testing/run_hebb.ts";
import { tinyArguments } from "./testing/tiny_run.ts";

const read = (folder: string, name: string) =>
  JSON.parse(Deno.readTextFileSync(join(folder, name)));

Deno.test(
  "train: one command leaves a run folder, a report, and its results on standard output",
  inTemporaryFolder(async (folder) => {
    const args = [...tinyArguments, "--device=reference", "--iterations=20", "--out=run"];
    const { code, stdout, stderr } = await runHebb(args, { folder });
    assert.equal(code, 0, stderr);
    const first = stderr.split("\n")[0]!;
    assert.match(first, /^device: reference/);
    assert.match(stderr, /^parameters: ethereal has [\d,]+ trained/m);
    assert.match(stderr, /^memory: [\d.]+ KiB \(/m);
    assert.match(stdout, /^end reason: completed$/m);
    assert.match(stdout, /^test\/recall_accuracy: [01]\.\d{4} .*95% interval/m);
    assert.match(stdout, /^report: run\/report\.html$/m);

    const run = join(folder, "run");
    const names = [...Deno.readDirSync(run)].map(({ name }) => name).filter((name) =>
      !name.startsWith("events.out.tfevents.")
    ).sort();
    assert.deepEqual(names, [
      ".lock",
      "checkpoints",
      "config.json",
      "environment.json",
      "figures.json",
      "metrics.jsonl",
      "report.html",
      "status.json",
    ]);
    const status = read(run, "status.json");
    assert.equal(status.end_reason, "completed");
    assert.equal(status.iterations, 20);
    assert.equal(status.sequences, 40);
    assert.match(status.device, /^reference/);
    for (const name of ["train/loss", "eval/recall_accuracy", "test/recall_accuracy"]) {
      assert.equal(typeof status.metrics[name], "number", name);
    }
    assert.deepEqual(read(run, "config.json").model, {
      name: "ethereal",
      hidden_size: 3,
      num_layers: 1,
      residual_connection: false,
      enable_recurrence: true,
      input_mode: "last_one",
      positional_encoding_dim: 0,
      layout: "forked",
      output_tanh: false,
      plast_clip: 350,
      plast_proportion: 0.2,
      forget_rate: 0.1,
      initial_weights: "xavier_uniform",
    });
    const figures = read(run, "figures.json");
    assert.ok(figures.bounds.chance > 0);
    assert.ok(figures.matrices.some(({ name }: { name: string }) => name === "i2o/weight"));

    // The report is a pure function of the other files, and its config starts the same run again.
    const report = join(run, "report.html");
    const text = Deno.readTextFileSync(report);
    Deno.removeSync(report);
    const again = await runHebb(["report", "run"], { folder });
    assert.equal(again.code, 0, again.stderr);
    assert.equal(Deno.readTextFileSync(report), text);
    const dry = await runHebb(["train", "--config=run/config.json", "--dry-run"], { folder });
    assert.equal(dry.code, 0, dry.stderr);
    assert.deepEqual(JSON.parse(dry.stdout), read(run, "config.json"));
  }),
);

Deno.test(
  "train: replicas are trained side by side, each metric once for each",
  inTemporaryFolder(async (folder) => {
    const args = [...tinyArguments, "--device=cpu", "--seed=1,2", "--iterations=10", "--out=run"];
    const { code, stdout, stderr } = await runHebb(args, { folder });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ {2}seed 2: /m);
    const { metrics } = read(join(folder, "run"), "status.json");
    assert.equal(metrics["eval/loss"].length, 2);
    assert.notEqual(metrics["eval/loss"][0], metrics["eval/loss"][1]);
  }),
);

Deno.test(
  "train: file, flags and --set win over the preset in this order; published names are taken",
  inTemporaryFolder(async (folder) => {
    Deno.writeTextFileSync(
      join(folder, "a.yaml"),
      "model: {hidden_size: 7, num_layers: 5}\nupdater: {learning_rate: 1e-4}\n",
    );
    const args = ["train", "--preset=published", "--config=a.yaml", "--dry-run"];
    args.push("--hidden_size", "9", "--residual_connection", "False", "--normalize");
    args.push("--n_iters", "50", "--print_freq=5", "--dataset", "2_palindrome", "--self_grad", "1");
    args.push("--model_type=ethereal", "--set", "updater.learning_rate=3e-4", "--grad-clip=0.5");
    const { code, stdout, stderr } = await runHebb(args, { folder });
    assert.equal(code, 0, stderr);
    const { task, model, updater, training } = JSON.parse(stdout);
    assert.equal(task.name, "2_palindrome_vary");
    assert.deepEqual([model.hidden_size, model.num_layers], [9, 5]);
    assert.deepEqual([model.residual_connection, model.initial_weights], [false, "zero"]);
    assert.deepEqual([updater.learning_rate, updater.grad_clip, updater.self_grad], [3e-4, 0.5, 1]);
    assert.deepEqual([updater.normalize, updater.clip_weights], [true, 1]);
    assert.deepEqual([training.iterations, training.log_every, training.batch_size], [50, 5, 4]);
    assert.equal(training.early_stop_loss, 5);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["a.yaml"]);
  }),
);

Deno.test(
  "train: a published setting that an updater does not use is named and ignored",
  inTemporaryFolder(async (folder) => {
    const args = ["train", "--updater=bptt", "--self_grad=0.1", "--dry-run"];
    const { code, stdout, stderr } = await runHebb(args, { folder });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^note: --self_grad is ignored: it acts in updater dfa only$/m);
    assert.equal(JSON.parse(stdout).updater.self_grad, undefined);
  }),
);

Deno.test(
  "train: a run that blows up ends as diverged, with its last good checkpoint and a report",
  inTemporaryFolder(async (folder) => {
    const args = [...tinyArguments, "--device=reference", "--iterations=400", "--out=run"];
    args.push("--checkpoint-every=1", "--learning-rate=1e150", "--clip-weights=0");
    const { code, stdout, stderr } = await runHebb(args, { folder });
    assert.equal(code, 3, stderr);
    assert.match(stdout, /^end reason: diverged$/m);
    const run = join(folder, "run");
    assert.equal(read(run, "status.json").end_reason, "diverged");
    assert.ok(Deno.statSync(join(run, "report.html")).isFile);
  }),
);
