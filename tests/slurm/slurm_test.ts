/** A comparison through a real Slurm, some of whose tasks are stopped, has the bits of the pool of this machine. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { readStatus } from "../../store/files/status.ts";
import { runHebb } from "../testing/run_hebb.ts";
import { outcome, sizeOfFile, until } from "../testing/tiny_run.ts";
import { type LocalSlurm, startSlurm, whyNoSlurm } from "./local_slurm.ts";

const problem = whyNoSlurm();
if (problem) console.log(`tests of Slurm are skipped: ${problem}`);

const rates = [0.01, 0.02, 0.03, 0.04];
const comparison = [
  ...["compare", "--task", "1_small_palindrome", "--models", "rnn", "--updaters", "bptt"],
  ...["--vary", `updater.learning_rate=${rates}`, "--set", "model.hidden_size=4"],
  ...["--seeds", "1,2", "--device", "reference", "--iterations", "1000", "--progress", "none"],
  ...["training.batch_size=2", "training.log_every=50", "training.evaluation_sequences=4"]
    .flatMap((setting) => ["--set", setting]),
];

/** Runs the comparison, which has to end well. @returns its standard output. */
async function compare(folder: string, slurm: LocalSlurm, ...more: string[]): Promise<string> {
  const options = { folder, env: slurm.env, flags: ["--allow-run=deno"] };
  const { code, stdout, stderr } = await runHebb([...comparison, ...more], options);
  assert.equal(code, 0, stderr);
  return stdout;
}

/** The folders of the runs of an experiment, by their names. */
const runsOf = (out: string): string[] =>
  [...Deno.readDirSync(out)].filter(({ name }) => /-seeds?-/.test(name) && !name.endsWith(".log"))
    .map(({ name }) => name).sort();

const trains = (folder: string) => until(() => sizeOfFile(join(folder, "metrics.jsonl")) > 0);

Deno.test({
  name: "Slurm: tasks that are told to leave, requeued or cancelled end with the bits of the pool",
  ignore: problem !== undefined,
  fn: inTemporaryFolder(async (folder) => {
    // Numbers of tasks are below 3, so that four shards take two arrays.
    await using slurm = await startSlurm({ maxArraySize: 3 });
    const out = join(folder, "runs", "in the queue");
    const run = (index: number) => join(out, `rnn-bptt-learning-rate-${rates[index]}-seeds-1-2`);
    const submitted = await compare(folder, slurm, "--out", out, "--engine", "slurm");
    assert.match(submitted, /^Submitted batch job 1\nSubmitted batch job \d+\n4 tasks; logs: /);
    const [first, second] = [...submitted.matchAll(/batch job (\d+)/g)].map(([, id]) => id);

    await trains(run(0));
    // As Slurm does it before the time of a task is over.
    await slurm.run("scancel", "--signal=USR2", "--batch", `${first}_1`);
    await trains(run(1));
    await slurm.run("scontrol", "requeue", `${first}_2`);
    await trains(run(2));
    await slurm.run("scancel", `${second}_0`);
    await slurm.idle();

    const log = Deno.readTextFileSync(join(out, "slurm", `${first}_1.log`));
    assert.match(log, /preempted/);
    assert.match(log, /going on from update \d+/);
    assert.equal(readStatus(run(2))?.end_reason, "preempted");
    const again = await compare(folder, slurm, "--out", out, "--engine", "slurm");
    assert.match(again, /^Submitted batch job \d+\n1 task; logs: /);
    await slurm.idle();
    assert.match(
      await compare(folder, slurm, "--out", out, "--engine", "slurm"),
      /^nothing is left to do$/m,
    );

    const local = join(folder, "runs", "local");
    await compare(folder, slurm, "--out", local);
    assert.deepEqual(runsOf(out), runsOf(local));
    for (const name of runsOf(local)) {
      assert.deepEqual(outcome(join(out, name)), outcome(join(local, name)), name);
    }
  }),
});
