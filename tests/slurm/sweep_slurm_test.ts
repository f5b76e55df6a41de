/** A sweep through a real Slurm, two of whose tasks are killed at random, has the bits of the pool of this machine. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { readJobs } from "../../studies/sweep/jobs_file.ts";
import { sweepPaths } from "../../studies/sweep/sweep_paths.ts";
import { runHebb } from "../testing/run_hebb.ts";
import { grid, settingsOfGrid } from "../testing/sweep_grid.ts";
import { outcome } from "../testing/tiny_run.ts";
import { type LocalSlurm, startSlurm, whyNoSlurm } from "./local_slurm.ts";

const settings = settingsOfGrid(60);

/** Runs a sweep, which has to end well. @returns its standard output. */
async function sweep(folder: string, slurm: LocalSlurm, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runHebb(["sweep", "--progress=none", ...args], {
    folder,
    env: slurm.env,
    flags: ["--allow-run=deno"],
  });
  assert.equal(code, 0, stderr);
  return stdout;
}

/** Waits until a task runs, and some time more, then does something to it, if it still runs. */
async function atRandom(slurm: LocalSlurm, ...[program, ...args]: [string, ...string[]]) {
  for (;;) {
    const tasks = await slurm.run("squeue", "--noheader", "--states=running", "--format=%i");
    const task = tasks.split("\n")[0]!;
    await delay(task === "" ? 200 : 3000 * Math.random());
    const isDone = task !== "" && await slurm.run(program, ...args, task).catch(() => undefined);
    if (isDone !== undefined && isDone !== false) return;
  }
}

Deno.test({
  name:
    "Slurm: a sweep of 24 points with 5 seeds, killed twice at random, loses and doubles nothing",
  ignore: whyNoSlurm() !== undefined,
  fn: inTemporaryFolder(async (folder) => {
    await using slurm = await startSlurm({ maxArraySize: 1001 });
    Deno.writeTextFileSync(join(folder, "grid.yaml"), grid);
    const whole = ["grid.yaml", "--seeds=1-5", "--networks=15"];
    const queue = ["--engine=slurm", "--folder=runs/queue", "--", ...settings];
    const submit = () => sweep(folder, slurm, ...whole, ...queue);
    assert.match(await submit(), /^Submitted batch job \d+\n8 tasks; logs: /);
    await atRandom(slurm, "scontrol", "requeue");
    await atRandom(slurm, "scancel", "--signal=KILL", "--full");
    await slurm.idle();
    await submit();
    await slurm.idle();
    assert.match(await submit(), /^nothing is left to do$/m);
    await sweep(folder, slurm, "--resume=runs/queue", "--report");

    await sweep(folder, slurm, ...whole, "--folder=runs/pool", "--", ...settings);
    const [queued, pooled] = ["queue", "pool"].map((name) => join(folder, "runs", name));
    const { jobs } = readJobs(sweepPaths(pooled!).jobs);
    assert.deepEqual(readJobs(sweepPaths(queued!).jobs).jobs, jobs);
    assert.equal([...Deno.readDirSync(join(queued!, "runs"))].length, jobs.length);
    for (const { name } of jobs) {
      assert.deepEqual(
        outcome(join(queued!, "runs", name)),
        outcome(join(pooled!, "runs", name)),
        name,
      );
    }
    const [table, other] = [queued, pooled].map((path) =>
      Deno.readTextFileSync(sweepPaths(path!).table)
    );
    assert.equal(table, other);
    assert.equal(table!.trim().split("\n").length, 1 + 24);
  }),
});
