import assert from "node:assert/strict";
import { join } from "node:path";
import { lockRunFolder } from "../../store/files/run_lock.ts";
import { writeJsonFile } from "../../store/files/json_file.ts";
import { writeStatus } from "../../store/files/status.ts";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import type { JobEnd, JobProcess } from "../jobs/job_process.ts";
import { claimJob } from "./claim_job.ts";
import { createSweep } from "./create_sweep.ts";
import { createStandings } from "./job_standing.ts";
import { namedJobs, readJobs, writeJobs } from "./jobs_file.ts";
import type { Sweep } from "./sweep.ts";
import { definedSweep } from "./testing/simulated_sweep.ts";
import type { StartCommand } from "./train_job.ts";
import { workOnSweep, type WorkOptions } from "./work_on_sweep.ts";

const text = `
method: grid
parameters:
  learning_rate: { values: [0.01, 0.02, 0.03] }
  hidden_size: { values: [4, 5] }
`;

/** A stored sweep of two runs with three points each. */
async function storedSweep(folder: string): Promise<Sweep> {
  const settings = ["model.name=rnn", "updater.name=bptt"];
  const sweep = await definedSweep(join(folder, "sweep"), { text, settings });
  await createSweep(sweep, { atOnce: 1 });
  return sweep;
}

/** Works on a sweep with processes that do nothing but end. @returns what was said. */
async function work(
  sweep: Sweep,
  { endOf, ...options }: Partial<WorkOptions> & {
    endOf?: (place: { readonly folder: string }, args: readonly string[]) => JobEnd;
  } = {},
): Promise<string[]> {
  const lines: string[] = [];
  const start: StartCommand = (place, { args }): JobProcess => {
    const end = endOf?.(place, args) ?? { code: 0, lastLine: "" };
    if (end.code === 0) writeDone(place.folder);
    return { end: Promise.resolve(end), stop() {} };
  };
  const failed = await workOnSweep(sweep, {
    device: { device: "cpu", threads: 1 },
    atOnce: 1,
    start,
    running: new Map(),
    stopReason: () => undefined,
    message: (line) => lines.push(line),
    pollInterval: 5,
    ...options,
  });
  const told = lines.flatMap((line) => /^(\d+): failed: /.exec(line)?.[1] ?? []);
  assert.deepEqual(failed.map(({ name }) => name), told);
  return lines;
}

function writeDone(folder: string): void {
  Deno.mkdirSync(folder, { recursive: true });
  writeStatus(folder, {
    ...{ run: "test", state: "finished", end_reason: "completed", iterations: 100, sequences: 400 },
    ...{ seconds: 1, device: "cpu", metrics: {} },
  });
}

const phases = (sweep: Sweep) =>
  readJobs(sweep.paths.jobs).jobs.map((job) => [
    job.name,
    job.trials.map(({ number }) => number),
    createStandings(sweep)(job).phase,
  ]);

Deno.test(
  "every job is trained once, by the settings of its points",
  inTemporaryFolder(async (folder) => {
    const sweep = await storedSweep(folder);
    const started: (readonly string[])[] = [];
    const endOf: Parameters<typeof work>[1] = {
      endOf(_, args) {
        started.push(args);
        return { code: 0, lastLine: "" };
      },
    };
    await work(sweep, { ...endOf, most: 1 });
    assert.deepEqual(phases(sweep), [["0001", [0, 2, 4], "done"], ["0002", [1, 3, 5], "new"]]);
    await Promise.all([work(sweep, endOf), work(sweep, endOf)]);
    assert.equal(started.length, 2);
    const run = sweep.paths.job("0002");
    assert.deepEqual(started[1]!.slice(0, 4), ["--out", run.run, "--config", run.config]);
    const { model, training } = JSON.parse(Deno.readTextFileSync(run.config));
    assert.equal(model.hidden_size, 5);
    assert.deepEqual(training.sweep, { "updater.learning_rate": [0.01, 0.02, 0.03] });
    assert.deepEqual(training.seeds, [1]);
  }),
);

Deno.test(
  "a run that refuses its points is taken apart: by program, then by halves, until the wrong one is alone",
  inTemporaryFolder(async (folder) => {
    const sweep = await storedSweep(folder);
    const { jobs } = readJobs(sweep.paths.jobs);
    const trials = jobs.flatMap(({ trials }) => trials).sort((a, b) => a.number - b.number);
    writeJobs(sweep.paths.jobs, { jobs: [{ name: "0001", trials }], isComplete: true });
    const lines = await work(sweep, {
      endOf({ folder }, args) {
        const { model, updater, training: { sweep } } = JSON.parse(Deno.readTextFileSync(args[3]!));
        const keys = Object.keys(sweep).join();
        // A rate of 0.02 is too much for 5 units.
        const rates = sweep["updater.learning_rate"] ?? [updater.learning_rate];
        const isWrong = keys.includes("hidden_size") ||
          (model.hidden_size === 5 && rates.includes(0.02));
        if (isWrong) {
          // The run had begun.
          Deno.mkdirSync(folder, { recursive: true });
          writeJsonFile(join(folder, "config.json"), {});
        }
        return isWrong ? { code: 2, lastLine: "not this one" } : { code: 0, lastLine: "" };
      },
    });
    assert.deepEqual(phases(sweep), [
      ["0002", [0, 2, 4], "done"],
      ["0004", [1], "done"],
      ["0006", [3], "failed"],
      ["0007", [5], "done"],
    ]);
    assert.deepEqual(lines, [
      "0001: not this one; its points are trained in runs 0002, 0003",
      "0003: not this one; its points are trained in runs 0004, 0005",
      "0005: not this one; its points are trained in runs 0006, 0007",
      "0006: failed: not this one",
    ]);
    assert.deepEqual(
      [...Deno.readDirSync(join(sweep.folder, "runs"))].map(({ name }) => name).sort(),
      [
        ...["0002", "0004", "0006", "0007"],
      ],
    );
  }),
);

Deno.test(
  "a process that fails otherwise fails its job alone, and is not started again",
  inTemporaryFolder(async (folder) => {
    const sweep = await storedSweep(folder);
    let starts = 0;
    const failing = {
      endOf: ({ folder }: { folder: string }) => {
        starts++;
        return folder.endsWith("0001")
          ? { code: 1, lastLine: "no space left" }
          : { code: 0, lastLine: "" };
      },
    };
    assert.deepEqual(await work(sweep, failing), ["0001: failed: no space left"]);
    assert.deepEqual(await work(sweep, failing), []);
    assert.equal(starts, 2);
    assert.deepEqual(phases(sweep).map(([, , phase]) => phase), ["failed", "done"]);
  }),
);

Deno.test(
  "a run that a killed worker left to its process is waited for, and a job of another worker is not",
  inTemporaryFolder(async (folder) => {
    const sweep = await storedSweep(folder);
    const context = { standingOf: createStandings(sweep), scoresOf: () => [] };
    const first = claimJob(sweep, context);
    const second = claimJob(sweep, context);
    assert.ok(typeof first === "object" && typeof second === "object");
    assert.deepEqual([first.job.name, second.job.name], ["0001", "0002"]);
    assert.equal(claimJob(sweep, context), "wait");
    first.release();
    const { run } = sweep.paths.job("0001");
    Deno.mkdirSync(run, { recursive: true });
    const unlock = lockRunFolder(run);
    assert.equal(claimJob(sweep, context), "soon");
    const working = work(sweep);
    setTimeout(unlock, 30);
    await working;
    second.release();
    assert.deepEqual(phases(sweep).map(([, , phase]) => phase), ["done", "new"]);
  }),
);

Deno.test(
  "a job is claimed at once, however many are worked on",
  inTemporaryFolder(async (folder) => {
    const sweep = await storedSweep(folder);
    const { trials } = readJobs(sweep.paths.jobs).jobs[0]!;
    writeJobs(sweep.paths.jobs, {
      jobs: namedJobs(Array.from({ length: 50 }, () => trials)),
      isComplete: true,
    });
    const context = { standingOf: createStandings(sweep), scoresOf: () => [] };
    const start = performance.now();
    const claimed = Array.from({ length: 50 }, () => claimJob(sweep, context));
    const seconds = (performance.now() - start) / 1000;
    assert.equal(new Set(claimed.map((one) => typeof one === "object" && one.job.name)).size, 50);
    assert.equal(claimJob(sweep, context), "wait");
    // A wait for each job that is worked on would be 1200 waits.
    assert.ok(seconds < 10, `${seconds} s`);
    for (const one of claimed) if (typeof one === "object") one.release();
  }),
);

Deno.test(
  "of two sweeps that begin in one folder at a time one is refused",
  inTemporaryFolder(async (folder) => {
    const sweeps = await Promise.all(
      [text, text.replace("0.03", "0.04")].map((text) =>
        definedSweep(join(folder, "sweep"), { text, settings: ["model.name=rnn"] })
      ),
    );
    const ends = await Promise.allSettled(sweeps.map((sweep) => createSweep(sweep, { atOnce: 1 })));
    assert.deepEqual(ends.map(({ status }) => status), ["fulfilled", "rejected"]);
    const { reason } = ends[1] as PromiseRejectedResult;
    assert.match(reason.message, /holds a sweep with another file/);
  }),
);
