/** A run that a script trains: the folder of the command, with the same bits. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import familiarity from "../examples/own/familiarity.ts";
import hebbff from "../examples/own/hebbff.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { runHebb } from "../tests/testing/run_hebb.ts";
import { outcome, tinyArguments } from "../tests/testing/tiny_run.ts";
import { openRun } from "./open_run.ts";
import { bptt } from "../updaters/bptt.ts";
import { adamW } from "../updaters/optimizers/adam.ts";
import { trainRun } from "./train_run.ts";
import type { TrainRunOptions } from "./train_run_options.ts";

const config = (folder: string) => JSON.parse(Deno.readTextFileSync(join(folder, "config.json")));

/** A run of own values that takes a moment. */
const own = {
  model: hebbff,
  task: familiarity,
  settings: { model: { hidden: 4 }, task: { bits: 5, steps: 8 } },
  training: { iterations: 40, log_every: 10, evaluation_sequences: 5, test_sequences: 5 },
  device: { name: "cpu", threads: 1 },
  progress: "none",
} satisfies TrainRunOptions;

Deno.test(
  "trainRun: the folder of the command, with the same bits, in which either goes on",
  inTemporaryFolder(async (folder) => {
    const [typed, called] = ["typed", "called"].map((name) => join(folder, name)) as [
      string,
      string,
    ];
    const command = async (...args: string[]) => {
      const { code, stderr } = await runHebb([...tinyArguments, ...args], { folder });
      assert.equal(code, 0, stderr);
    };
    await command("--device=reference", "--iterations=20", "--seed=1,2", "--out=typed");
    const options: TrainRunOptions = {
      task: "1_small_palindrome_vary",
      settings: {
        model: { hidden_size: 3, num_layers: 1, input_mode: "last_one", enable_recurrence: true },
      },
      training: {
        iterations: 20,
        batch_size: 2,
        seeds: [1, 2],
        evaluation_sequences: 4,
        test_sequences: 4,
      },
      device: "reference",
      progress: "none",
      out: called,
    };
    const { exitCode, endReason, run, report, metrics } = await trainRun(options);
    assert.deepEqual([exitCode, endReason, report], [0, "completed", join(called, "report.html")]);
    assert.deepEqual(config(called), config(typed));
    assert.deepEqual(outcome(called), outcome(typed));
    const names = (path: string) =>
      [...Deno.readDirSync(path)].map(({ name }) => name.replace(/\d{9,}/, "")).sort();
    assert.deepEqual(names(called), names(typed));
    assert.deepEqual([metrics["eval/loss"]].flat(), run.status()!.metrics["eval/loss"]);
    // The command goes on with the run of the script, and the script with that of the command.
    await command("--resume=called", "--device=reference", "--iterations=30");
    await trainRun({ training: { iterations: 30 }, out: typed, resume: true, progress: "none" });
    assert.deepEqual(outcome(called), outcome(typed));
  }),
);

Deno.test(
  "trainRun: own values; aborted and resumed with the bits of a run that was not",
  inTemporaryFolder(async (folder) => {
    const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
    await trainRun({ ...own, out: whole });
    assert.deepEqual(config(whole).code, { task: "", model: "" });
    const controller = new AbortController();
    const rows: number[] = [];
    const stopped = await trainRun({
      ...own,
      out: parts,
      signal: controller.signal,
      onRow({ iteration }) {
        rows.push(iteration);
        if (iteration === 20) controller.abort();
      },
    });
    assert.deepEqual([stopped.endReason, stopped.exitCode], ["interrupted", 130]);
    assert.deepEqual(rows, [10, 20]);
    assert.equal(stopped.run.status()!.endReason, "interrupted");
    await assert.rejects(
      trainRun({ out: parts, resume: true, progress: "none" }),
      /its task "familiarity" is a value of a script, which has to give it again as task/,
    );
    const { endReason } = await trainRun({ ...own, out: parts, resume: true });
    assert.equal(endReason, "completed");
    assert.deepEqual(outcome(parts), outcome(whole));
  }),
);

Deno.test(
  "trainRun: a sweep trains side by side, and its columns are told apart",
  inTemporaryFolder(async (folder) => {
    const out = join(folder, "run");
    const sweep = { "updater.learning_rate": [0.01, 0.1] };
    const { run } = await trainRun({ ...own, training: { ...own.training, sweep }, out });
    assert.deepEqual(run.replicas.map(({ label }) => label), [
      "learning rate 0.01",
      "learning rate 0.1",
    ]);
    const { iteration, values } = run.metricColumns();
    assert.deepEqual(iteration, [10, 20, 30, 40]);
    const [slow, fast] = values["train/loss"]!;
    assert.equal(slow!.length, 4);
    assert.notDeepEqual(slow, fast);
  }),
);

Deno.test(
  "trainRun: what is wrong is told in one line before anything is written",
  inTemporaryFolder(async (folder) => {
    const out = join(folder, "run");
    const wrong: readonly [options: object, says: RegExp][] = [
      [{ trainnig: {} }, /^trainRun: there is no "trainnig" \(did you mean training\?\)/],
      [{ settings: { modle: {} } }, /^settings: there is no "modle" \(did you mean model\?\)/],
      [{ settings: { model: { hiden: 3 } } }, /^settings\.model\.hiden: .*did you mean hidden\?/],
      [{ settings: { model: { hidden: "3" } } }, /^settings\.model\.hidden: expected .*"3"/],
      [{ settings: { model: { name: "rnn" } } }, /^settings\.model\.name: it is no setting/],
      [{ training: { iterations: 0 } }, /^training\.iterations: expected .*got 0$/],
      [{ training: 3 }, /^training: expected a group of settings, got 3$/],
      [{ training: { sweep: { "task.bit": [1, 2] } } }, /^training\.sweep task\.bit: .*bits/],
      [
        { updater: bptt, settings: { updater: { optimizer: adamW() } } },
        /^settings\.updater\.optimizer: expected plain data, .* got code; .*updater of one's own/,
      ],
      [
        { training: { sweep: { "updater.optimizer": ["sgd", adamW()] } } },
        /^training\.sweep: .*code/,
      ],
      [{ device: "gpus" }, /^device\.name: expected .*"gpus"/],
      [{ model: {} }, /^model: expected a name, a file, or what defineModel returns, got \{\}/],
      [{ model: familiarity }, /^model: expected a name, a file, or what defineModel/],
      [{ model: "rnnn" }, /^model: no model is named "rnnn" \(did you mean rnn\?\)/],
      [{ updater: "own/none.ts" }, /^own\/none\.ts: there is no such file/],
      [{ task: new URL("https://example.org/a.ts") }, /^task: expected a file of this machine/],
      [{ progress: "loud" }, /^progress: expected one of auto, tty, line, json, none, got "loud"/],
      [{ resume: true }, /cannot resume .*it holds no run/],
    ];
    for (const [options, says] of wrong) {
      await assert.rejects(
        trainRun({ ...own, out, ...options } as TrainRunOptions),
        ({ name, message }: Error) => {
          assert.match(message, says);
          return name === "UsageError" && !message.includes("\n");
        },
      );
    }
    assert.ok(!existsSync(out));
  }),
);

Deno.test(
  "trainRun: an error of a callback ends the run as failed, and is thrown",
  inTemporaryFolder(async (folder) => {
    const out = join(folder, "run");
    const onProgress = () => {
      throw new Error("no luck");
    };
    await assert.rejects(trainRun({ ...own, out, onProgress }), /^Error: no luck$/);
    const { endReason, message } = (await openRun(out)).status()!;
    assert.deepEqual([endReason, message], ["failed", "no luck"]);
  }),
);
