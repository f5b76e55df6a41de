/** `hebb sweep` as a user runs it, and as a machine kills it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathExists } from "../config/path_exists.ts";
import { readLatestCheckpoint } from "../store/files/checkpoint.ts";
import { readStatus } from "../store/files/status.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { readJobs } from "../studies/sweep/jobs_file.ts";
import { sweepPaths } from "../studies/sweep/sweep_paths.ts";
import { endOf, runHebb, spawnHebb } from "./testing/run_hebb.ts";
import { grid, settingsOfGrid } from "./testing/sweep_grid.ts";
import { outcome, until } from "./testing/tiny_run.ts";

const base = settingsOfGrid(30);
const mayStart = { flags: ["--allow-run=deno"] };

const sweep = (folder: string, args: readonly string[]) =>
  runHebb(["sweep", "--progress=none", "--threads=1", ...args], { folder, ...mayStart });

/** Everything of the runs of a sweep that does not depend on the clock, by the name of the run. */
function outcomes(folder: string): Record<string, unknown> {
  const { jobs } = readJobs(sweepPaths(folder).jobs);
  return Object.fromEntries(jobs.map(({ name }) => [name, outcome(join(folder, "runs", name))]));
}

Deno.test(
  "sweep: 24 points with 5 seeds, killed twice at random, end with the bits of a sweep that was not",
  inTemporaryFolder(async (folder) => {
    Deno.writeTextFileSync(join(folder, "grid.yaml"), grid);
    const args = ["grid.yaml", "--seeds=1-5", "--networks=30", "--jobs=2"];
    const whole = await sweep(folder, [...args, "--folder=whole", "--", ...base]);
    assert.equal(whole.code, 0, whole.stderr);
    assert.match(whole.stderr, /^grid: 24 points with 5 seeds, in 4 runs, 2 at a time$/m);
    for (let kill = 0; kill < 2; kill++) {
      const child = spawnHebb(
        ["sweep", "--progress=none", "--threads=1", ...args, "--folder=killed", "--", ...base],
        { folder, ...mayStart, group: true },
      );
      // Before the trainings begin, or at any moment of them.
      await until(() =>
        pathExists(join(folder, "killed", ...kill === 0 ? ["sweep.json"] : ["runs"]))
      );
      await new Promise((resolve) => setTimeout(resolve, 5000 * Math.random()));
      await killGroup(child);
    }
    const last = await sweep(folder, [...args, "--folder=killed", "--", ...base]);
    assert.equal(last.code, 0, last.stderr);
    assert.deepEqual(outcomes(join(folder, "killed")), outcomes(join(folder, "whole")));
    assert.equal([...Deno.readDirSync(join(folder, "killed", "runs"))].length, 4);
    const [table, other] = ["killed", "whole"].map((name) =>
      Deno.readTextFileSync(join(folder, name, "results.csv"))
    );
    assert.equal(table, other);
    assert.equal(table!.trim().split("\n").length, 25);
    assert.equal(new Set(table!.trim().split("\n").map((line) => line.split(",")[4])).size, 6 + 1);
    // Another sweep does not take these points for its own.
    for (const option of ["--dry-run", "--report"]) {
      const other = await sweep(folder, [option, ...args.slice(0, 1), "--folder=whole"]);
      assert.equal(other.code, 2);
      assert.match(other.stderr, /^error: whole holds a sweep with other settings: --resume/m);
    }
    // A finished sweep does nothing more.
    const again = await sweep(folder, ["--resume=killed"]);
    assert.deepEqual([again.code, again.stdout.split("\n")[0]], [0, last.stdout.split("\n")[0]]);
    await assertAlone(folder);
  }),
);

/** A point has the bits of a run of it alone. */
async function assertAlone(folder: string): Promise<void> {
  const alone = ["--seed=3", "--learning-rate=0.01", "--hidden-size=4", "--out=alone"];
  const { code, stderr } = await runHebb(
    ["train", "--device=cpu", "--progress=none", ...base, ...alone],
    { folder },
  );
  assert.equal(code, 0, stderr);
  const { jobs } = readJobs(sweepPaths(join(folder, "whole")).jobs);
  const isPoint = (values: object) => JSON.stringify(Object.values(values)) === "[0.01,4]";
  const job = jobs.find(({ trials }) => trials.some(({ values }) => isPoint(values)))!;
  const point = job.trials.findIndex(({ values }) => isPoint(values));
  const all = readLatestCheckpoint(join(folder, "whole", "runs", job.name)).tensors;
  for (const [name, { data }] of readLatestCheckpoint(join(folder, "alone")).tensors) {
    const place = 5 * point + 2;
    const share = all.get(name)!.data.slice(place * data.length, (place + 1) * data.length);
    assert.deepEqual(share, data, name);
  }
}

Deno.test(
  "sweep: a point that cannot be trained stops no other, is named at the end, and is tried again when asked",
  inTemporaryFolder(async (folder) => {
    Deno.writeTextFileSync(
      join(folder, "sizes.yaml"),
      "method: grid\nparameters: { model.num_layers: { values: [1, 2, 0] } }\n",
    );
    const args = [
      "sizes.yaml",
      "--folder=sizes",
      "--",
      ...base.filter((word) => !/layers/.test(word)),
    ];
    const { code, stdout, stderr } = await sweep(folder, args);
    assert.equal(code, 1, stderr);
    assert.match(
      stdout,
      /^failed: num layers 0 \(run 0003\): sizes\.yaml: model\.num_layers: expected at least 1, got 0$/m,
    );
    assert.match(stdout, /^Best point: num layers \d, with /m);
    const log = join(folder, "sizes", "runs", "0001", "metrics.jsonl");
    const before = Deno.readTextFileSync(log);
    const again = await sweep(folder, ["--resume=sizes", "--retry"]);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /^0003: failed: /m);
    assert.equal(Deno.readTextFileSync(log), before);
    const silent = await sweep(folder, ["--resume=sizes"]);
    assert.doesNotMatch(silent.stderr, /0003: failed/);
  }),
);

Deno.test(
  "sweep: two processes that train points to rungs share the work, and the points have the bits of runs in one go",
  inTemporaryFolder(async (folder) => {
    Deno.writeTextFileSync(
      join(folder, "halving.yaml"),
      `
method: random
run_cap: 6
metric: { name: eval/loss, goal: minimize }
early_terminate: { type: hyperband, min_iter: 2, eta: 2 }
parameters:
  learning_rate: { distribution: log_uniform_values, min: 0.001, max: 0.3 }
  hidden_size: { values: [3, 4] }
`,
    );
    const settings = ["--schedule=cosine", "--optimizer=adam", "--updater=bptt", ...base];
    const args = ["halving.yaml", "--folder=halving", "--jobs=1", "--", ...settings];
    const ends = await Promise.all([sweep(folder, args), sweep(folder, args)]);
    for (const { code, stderr } of ends) assert.equal(code, 0, stderr);
    const paths = sweepPaths(join(folder, "halving"));
    const { jobs, isComplete } = readJobs(paths.jobs);
    assert.deepEqual(jobs.map(({ trials }) => trials.map(({ number }) => number)), [
      ...[[0], [1], [2], [3], [4], [5]],
    ]);
    assert.equal(isComplete, true);
    const trained = jobs.map((job) => ({ job, status: readStatus(paths.job(job.name).run)! }));
    const rows = trained.map(({ status }) => status.iterations / 3);
    assert.ok(rows.every((count) => [2, 4, 8, 10].includes(count)), String(rows));
    assert.ok(rows.includes(2) && rows.includes(10), String(rows));
    const { job } = trained.find(({ status }) => status.end_reason === "completed")!;
    const { "updater.learning_rate": rate, "model.hidden_size": size } = job.trials[0]!.values;
    const alone = [`--learning-rate=${rate}`, `--hidden-size=${size}`, "--out=alone"];
    const { code, stderr } = await runHebb(
      ["train", "--device=cpu", "--progress=none", ...settings, ...alone],
      { folder },
    );
    assert.equal(code, 0, stderr);
    assert.deepEqual(outcome(paths.job(job.name).run), outcome(join(folder, "alone")));
    const more = await sweep(folder, ["--resume=halving", "--trials=7"]);
    assert.equal(more.code, 0, more.stderr);
    assert.equal(readJobs(paths.jobs).jobs.length, 7);
    const plan = await sweep(folder, ["--resume=halving", "--trials=8", "--dry-run"]);
    assert.match(plan.stdout, /^random: at most 8 points /m);
  }),
);

Deno.test(
  "sweep: what cannot be used is refused in a line, before anything is written",
  inTemporaryFolder(async (folder) => {
    Deno.writeTextFileSync(join(folder, "grid.yaml"), grid);
    Deno.mkdirSync(join(folder, "full"));
    Deno.writeTextFileSync(join(folder, "full", "notes.txt"), "");
    const rates = Array.from({ length: 1000 }, (_, index) => (index + 1) / 1000).join();
    Deno.writeTextFileSync(
      join(folder, "endless.yaml"),
      "method: grid\nparameters:\n" + ["learning_rate", "weight_decay", "grad_clip"]
        .map((name) => `  updater.${name}: { values: [${rates}] }\n`).join(""),
    );
    Deno.writeTextFileSync(
      join(folder, "judged.yaml"),
      Deno.readTextFileSync(join(folder, "endless.yaml")) + `
metric: { name: loss }
early_terminate: { type: hyperband, min_iter: 2 }
`,
    );
    Deno.writeTextFileSync(join(folder, "metric.yaml"), grid.replace("eval/loss", "eval/los"));
    const bad: [string[], RegExp][] = [
      [["none.yaml"], /^error: none\.yaml: there is no such file$/m],
      [[], /^error: sweep: expected the file of a sweep, or --resume DIR$/m],
      [["--resume=nothing"], /^error: nothing: it holds no sweep \(no sweep\.json\)$/m],
      [
        ["grid.yaml", "--folder=full"],
        /--folder full: it holds notes\.txt, expected a new or empty folder/,
      ],
      [
        ["endless.yaml", "--dry-run"],
        /expected at most 100000 points, got 1000000000: run_cap or /,
      ],
      [
        ["metric.yaml"],
        /^error: sweep metric\.yaml: metric\.name: expected a metric of the rows, /m,
      ],
      [["grid.yaml", "--seeds=1,1"], /--seeds: 1 is given twice/],
      [["grid.yaml", "--", "--out=x"], /^error: sweep: --out is for a single run, not after --$/m],
      [["grid.yaml", "--", "--model=nothing"], /no model is named "nothing"/],
    ];
    for (const [args, says] of bad) {
      const { code, stderr } = await sweep(folder, args);
      assert.deepEqual([code, says.test(stderr)], [2, true], stderr);
    }
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      ...["endless.yaml", "full", "grid.yaml", "judged.yaml", "metric.yaml"],
    ]);
  }),
);

/** Kills a process and all that it started, as a machine that loses its power. */
async function killGroup(child: Deno.ChildProcess): Promise<void> {
  const script = "import os, sys; os.killpg(int(sys.argv[1]), 9)";
  await new Deno.Command("python3", { args: ["-c", script, String(child.pid)] }).output();
  await endOf(child);
}
