import assert from "node:assert/strict";
import { readMetrics } from "../../store/files/metrics.ts";
import { readStatus } from "../../store/files/status.ts";
import { runMain } from "../testing/run_main.ts";

const run = (...args: string[]) => runMain("experiments", ...args);

Deno.test("usage errors are one line and exit code 2", async () => {
  const cases: [string[], RegExp][] = [
    [[], /expected the name of one: hybrid/],
    [["hybird"], /did you mean hybrid/],
    [["hybrid", "--only", "memo-m-5"], /no configuration "memo-m-5" \(did you mean memo-m-50\?\)/],
    [["hybrid", "--seeds", "1,two"], /--seeds: expected integers .* got "1,two"/],
    [["hybrid", "--seeds", "3,3"], /--seeds: 3 is given twice/],
    [["hybrid", "--jobs", "0"], /--jobs/],
    [["hybrid", "--out", ""], /--out: expected the name of a folder/],
    [["hybrid", "--out", import.meta.filename!], /is a file, expected a folder/],
    [["hybrid", "--report", "--out", "no/such/folder"], /no such folder/],
    [["hybrid", "--shard", "0/3"], /--shard: expected a number and how many there are/],
    [["hybrid", "--sbatch", "time=1"], /--sbatch goes with --engine slurm, got --engine local/],
    [
      ["hybrid", "--engine", "slurm", "--sbatch", "--time=1"],
      /expected an option without its dash/,
    ],
  ];
  for (const [args, expected] of cases) {
    // What is taken for good must not train for hours.
    const { code, err } = await run(...args, "--dry-run");
    assert.equal(code, 2, args.join(" "));
    assert.match(err, expected);
    assert.match(err, /^error: [^\n]+$/);
  }
});

Deno.test("lists the experiments, and the configurations of one", async () => {
  assert.match((await run("--list")).out, /^hybrid {2}18 hybrid memory networks/);
  const { code, out } = await run("hybrid", "--list", "--only", "memo-m-50,memo-ma-50-50");
  assert.equal(code, 0);
  assert.equal(out, "memo-ma-50-50  Memo M,A 50+50\nmemo-m-50      Memo M 50");
});

Deno.test("a dry run lists the jobs and their memory and makes no folder", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const out = `${folder}/new`;
    const result = await run("hybrid", "--dry-run", "--seeds", "1,2", "--out", out, "--jobs", "3");
    assert.equal(result.code, 0);
    const lines = result.out.split("\n");
    assert.equal(lines.length, 2 * 18 + 1);
    assert.match(lines[0]!, /memo-ma-50-50-seed-1 +\d{3} MiB {2}new, 0 of 100000 updates$/);
    assert.match(lines[18]!, /memo-ma-50-50-seed-2/);
    assert.match(lines[36]!, /^36 of 36 jobs to train, 3 at a time: about \d{3} MiB of memory/);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a dry run for Slurm prints the script and what submits it, and writes nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { code, out, err } = await run(
      ...["hybrid", "--out", `${folder}/new`, "--engine", "slurm", "--dry-run", "--threads=2"],
      ...["--jobs", "3", "--per-task", "4", "--max-array-size", "3", "--sbatch", "time=2:00:00"],
    );
    assert.equal(code, 0, err);
    assert.equal(err, "jobs: 18 new");
    assert.match(out, /^#SBATCH --cpus-per-task=6\n#SBATCH --time=2:00:00$/m);
    assert.match(
      out,
      / experiments hybrid --out \S+ --threads=2 --jobs 3 --shard "\$shard"\/5 &$/m,
    );
    const script = `${folder}/new/slurm/array.sh`;
    assert.deepEqual(out.split("\n").slice(-2), [
      `sbatch --array=1-2 ${script} 0`,
      `sbatch --array=0-2 ${script} 3`,
    ]);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the published training has a folder of its own, and is what is trained there", async () => {
  const { code, out } = await run("hybrid", "--published", "--dry-run", "--only", "memo-m-50");
  assert.equal(code, 0);
  assert.match(out, /^runs.hybrid-published.memo-m-50-seed-1 .* new, 0 of 100000 updates$/m);
});

Deno.test("trains in processes of their own, skips what is done, and goes on with more", async () => {
  const out = await Deno.makeTempDir();
  const folder = `${out}/memo-m-50-seed-1`;
  const train = (...more: string[]) =>
    run("hybrid", "--only", "memo-m-50", "--out", out, "--progress", "none", ...more);
  try {
    const first = await train("--iterations", "5");
    assert.equal(first.code, 0);
    assert.match(first.out, /^0 of 18 reach the reference \(1 open, 17 not run\)\nreport: /);
    assert.equal(readStatus(folder)!.end_reason, "completed");
    assert.equal([...readMetrics(`${folder}/metrics.jsonl`)].at(-1)!.iteration, 5);
    const log = await Deno.readTextFile(`${folder}.log`);
    assert.match(log, /^\$ hebb train --out .*\ndevice: cpu/);
    assert.match(await Deno.readTextFile(`${out}/report.html`), /<h2>R passed<\/h2>/);
    const { configurations } = JSON.parse(await Deno.readTextFile(`${out}/results.json`));
    assert.equal(configurations[16].seeds[0].updates, 5);

    assert.equal((await train("--iterations", "5")).code, 0);
    assert.equal(await Deno.readTextFile(`${folder}.log`), log);

    assert.equal((await train("--iterations", "8")).code, 0);
    assert.equal(readStatus(folder)!.iterations, 8);
    assert.match(await Deno.readTextFile(`${folder}.log`), /resuming from iteration 5/);

    assert.equal((await run("hybrid", "--report", "--out", out)).code, 0);

    const mixed = await train("--iterations", "8", "--published");
    assert.equal(mixed.code, 1);
    assert.match(
      mixed.err,
      /^warning: left out: .*memo-m-50-seed-1: not trained as the experiment says: /m,
    );
    assert.match(mixed.out, /\(18 not run\); 1 of 1 jobs is not done \(1 failed\)$/m);
    assert.equal(readStatus(folder)!.iterations, 8);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});
