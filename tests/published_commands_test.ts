/** Command lines of the published memory-encoding programs, in --dry-run, with what they ask for. */
import assert from "node:assert/strict";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { runHebb } from "./testing/run_hebb.ts";

interface PublishedCommand {
  readonly what: string;
  readonly line: string;
  readonly model: Readonly<Record<string, unknown>>;
  readonly updater: Readonly<Record<string, unknown>>;
  readonly training?: Readonly<Record<string, unknown>>;
  readonly task?: string;
  /** The notes, in their order. */
  readonly notes?: readonly RegExp[];
}

const tracked = /^note: --track is ignored: nothing is tracked online/;
const noEffect =
  /^note: --plast_learning_rate is ignored: without effect in the published code, too$/;

const script = "--input_mode last_one --learning_rate 1e-3 --plast_learning_rate 1e-10 " +
  "--plast_clip 1e4 --grad_clip 0.5 --imprint_rate 0.3 --forget_rate 0.01 --self_grad 0 " +
  "--normalize false --clip_weights 0 --hidden_size 16 --num_layers 3 --residual_connection true " +
  "--positional_encoding_dim 4 --dataset 2_small_palindrome_dataset_vary_length --batch_size 16 " +
  "--n_iters 1000000 --print_freq 5000 --checkpoint_dir ./checkpoints --checkpoint_save_freq 10000 " +
  "--track true --group g --tags one two --notes n --plast_proportion 0.2 --enable_recurrence true";

const shared = {
  hidden_size: 16,
  num_layers: 3,
  positional_encoding_dim: 4,
  input_mode: "last_one",
};
const scriptTraining = {
  batch_size: 16,
  iterations: 1e6,
  log_every: 5000,
  checkpoint_every: 10_000,
};
const idle = [
  /^note: --plast_learning_rate, --imprint_rate are ignored: without effect/,
  /^note: --checkpoint_dir is ignored: checkpoints lie in the folder of the run/,
  /^note: --track, --group, --tags, --notes are ignored: nothing is tracked online/,
];

const commands: readonly PublishedCommand[] = [
  ...["dfa", "backprop", "bptt"].map((name) => ({
    what: `basic training with ${name}`,
    line: `--updater ${name} --model_type ethereal`,
    model: { name: "ethereal" },
    updater: { name },
  })),
  {
    what: "every option of the description",
    line: "--updater dfa --model_type ethereal --learning_rate 1e-4 --plast_learning_rate 0.005 " +
      "--plast_clip 1e3 --plast_proportion 0.1 --forget_rate 0.01 --batch_size 8 " +
      "--positional_encoding_dim 6 --residual_connection False --normalize True " +
      "--input_mode last_two --track False",
    model: {
      ...{ plast_clip: 1e3, plast_proportion: 0.1, forget_rate: 0.01, input_mode: "last_two" },
      ...{ positional_encoding_dim: 6, residual_connection: false },
    },
    updater: { learning_rate: 1e-4, normalize: true },
    training: { batch_size: 8 },
    notes: [noEffect, tracked],
  },
  {
    what: "the training script with fast weights",
    line: `--model_type ethereal --updater dfa ${script}`,
    model: { ...shared, plast_clip: 1e4, residual_connection: true, enable_recurrence: true },
    updater: { learning_rate: 1e-3, grad_clip: 0.5, clip_weights: 0, normalize: false },
    training: scriptTraining,
    task: "2_small_palindrome_vary",
    notes: idle,
  },
  {
    what: "the training script with slow weights",
    line: `--model_type rnn --updater bptt ${script}`,
    model: { ...shared, name: "rnn", enable_recurrence: true },
    updater: { name: "bptt", learning_rate: 1e-3, grad_clip: 0.5 },
    training: scriptTraining,
    task: "2_small_palindrome_vary",
    notes: [
      ...idle,
      /^note: --residual_connection, --plast_clip, --plast_proportion, --forget_rate are ignored: only model ethereal has/,
      /^note: --clip_weights, --normalize are ignored: each acts on fast weights only/,
      /^note: --self_grad is ignored: it acts in updater dfa only/,
    ],
  },
  {
    what: "the newer names, hyphens too",
    line: "--model-type ephemeral --updater backprop --plasticity 3e4 --ephemeral-fraction 0.1 " +
      "--ephemeral_update_clamp 0.2 --grad-norm-clip 0.3 --weight_clamp 2 --fast_weight_clamp 1 " +
      "--unit-norm-weights False --slow_weight_decay 1e-6 --output_tanh True --wipe_every 4 --seed 3",
    model: { name: "ethereal", plast_clip: 3e4, plast_proportion: 0.1, output_tanh: true },
    updater: {
      ...{ name: "backprop", grad_clip: 0.2, grad_norm_clip: 0.3, clip_weights: 2 },
      ...{ fast_weight_clamp: 1, normalize: false, slow_weight_decay: 1e-6, wipe_every: 4 },
    },
    training: { seeds: [3] },
  },
  {
    what: "the newer names with slow weights",
    line: "--model_type rnn --updater dfa --ephemeral_update_clamp 0.2 --grad_norm_clip 0.3 " +
      "--dfa_fprime True --dataset 4_palindrome_dataset_vary_length",
    model: { name: "rnn" },
    updater: { name: "dfa", grad_clip: 0.3, grad_norm_clip: 0, activation_derivative: true },
    task: "4_palindrome_vary",
    notes: [/^note: --ephemeral_update_clamp is ignored: it acts on fast weights only/],
  },
];

for (const command of commands) {
  Deno.test(
    `published command: ${command.what}`,
    inTemporaryFolder(async (folder) => {
      const args = ["train", ...command.line.split(" "), "--dry-run"];
      const { code, stdout, stderr } = await runHebb(args, { folder });
      assert.equal(code, 0, stderr);
      const config = JSON.parse(stdout);
      const { model, updater, training, notes = [] } = command;
      for (const [section, settings] of Object.entries({ model, updater, training })) {
        for (const [key, value] of Object.entries(settings ?? {})) {
          assert.deepEqual(config[section][key], value, `${section}.${key}`);
        }
      }
      if (command.task) assert.equal(config.task.name, command.task);
      const told = stderr.split("\n").filter((line) => line.startsWith("note: "));
      assert.equal(told.length, notes.length, stderr);
      notes.forEach((note, index) => assert.match(told[index]!, note));
    }),
  );
}

Deno.test(
  "published command: it trains as it stands",
  inTemporaryFolder(async (folder) => {
    const line = "--updater dfa --model_type ethereal --hidden_size 4 --num_layers 1 --n_iters 4 " +
      "--track False --plast_learning_rate 0.005 --evaluation-sequences 2 --test-sequences 2";
    const args = [
      "train",
      ...line.split(" "),
      "--device=reference",
      "--progress=none",
      "--out=run",
    ];
    const { code, stderr } = await runHebb(args, { folder });
    assert.equal(code, 0, stderr);
    const status = JSON.parse(Deno.readTextFileSync(`${folder}/run/status.json`));
    assert.equal(status.iterations, 4);
  }),
);
