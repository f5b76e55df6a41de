import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mock } from "node:test";
import { writeStatus } from "../../store/files/status.ts";
import { lockRunFolder } from "../../store/files/run_lock.ts";
import type { Configuration, Experiment } from "../experiment.ts";
import { hybridConfigurations } from "../hybrid/configurations.ts";
import type { JobEnd, JobProcess } from "./job_process.ts";
import { type Job, type JobCommand, listJobs } from "./jobs.ts";
import { createJobsDisplay } from "./jobs_display.ts";
import { runExperiment } from "./run_experiment.ts";
import { type SampleRun, writeSampleRun } from "../testing/sample_run.ts";

const first: Configuration = hybridConfigurations[0]!;
const second: Configuration = hybridConfigurations[1]!;
const tiny: Experiment = {
  name: "tiny",
  summary: "",
  configurations: [first, second],
  iterations: 3,
  report: () =>
    Promise.resolve({ headline: "0 of 2", html: "page", results: { two: 2 }, problems: [] }),
};

interface Outcome {
  readonly code: number;
  readonly said: string;
  readonly messages: string;
  readonly started: readonly (readonly [name: string, how: string])[];
  readonly hasReport: boolean;
}

interface Scene {
  readonly seeds?: number[];
  readonly atOnce?: number;
  readonly untilReference?: boolean;
  readonly before?: (jobs: readonly Job[]) => void;
  /** What a started job does; it may ask for a stop of all. */
  readonly perform: (
    job: Job,
    signal: (reason: "interrupted" | "preempted") => void,
    command: JobCommand,
  ) => Promise<JobEnd>;
  readonly experiment?: Experiment;
  /** What a job does when it is asked to stop. */
  readonly stopped?: (job: Job) => void;
}

async function run(scene: Scene): Promise<Outcome> {
  const { seeds = [1], atOnce = 1, untilReference = false, before, perform, stopped } = scene;
  const { experiment = tiny } = scene;
  const out = await Deno.makeTempDir();
  const log = mock.method(console, "log", () => {});
  let messages = "";
  const started: [string, string][] = [];
  let reason: "interrupted" | "preempted" | undefined;
  let announce = (_: string) => {};
  const start = (job: Job, command: JobCommand): JobProcess => {
    started.push([job.name, command.args[0]!]);
    const { promise, resolve } = Promise.withResolvers<JobEnd>();
    const signal = (why: typeof reason) => {
      reason = why;
      announce("");
    };
    perform(job, signal, command).then(resolve);
    const stop = () => {
      stopped?.(job);
      resolve({ code: 75, lastLine: "preempted" });
    };
    return { end: promise, stop };
  };
  try {
    const jobs = listJobs(experiment.configurations, { seeds, sideBySide: false, out });
    before?.(jobs);
    const code = await runExperiment(experiment, jobs, {
      out,
      atOnce,
      iterations: 3,
      device: "cpu",
      threads: 1,
      untilReference,
      checkInterval: 5,
      start,
      display: createJobsDisplay({ mode: "none", write: (text) => messages += text }),
      watch(tell) {
        announce = tell;
        return { reason: () => reason, close() {} };
      },
    });
    const hasReport = await Deno.stat(`${out}/report.html`).then(() => true, () => false);
    const said = log.mock.calls.map((call) => (call.arguments as unknown[]).join(" ")).join("\n");
    return { code, said, messages, started, hasReport };
  } finally {
    log.mock.restore();
    await Deno.remove(out, { recursive: true });
  }
}

const finish = (job: Job, updates = 3): Promise<JobEnd> => {
  const { configuration, seeds } = job;
  writeSampleRun(job.folder, { configuration, seeds, passedAt: [[2]], updates });
  return Promise.resolve({ code: 0, lastLine: "" });
};

Deno.test("trains every job in order, then writes the report", async () => {
  const { code, started, hasReport, messages } = await run({
    seeds: [1, 2],
    perform: (job) => finish(job),
  });
  assert.equal(code, 0);
  assert.deepEqual(
    started,
    [1, 2].flatMap((seed) =>
      [first, second].map(({ name }) => [`${name}-seed-${seed}`, "--out"] as const)
    ),
  );
  assert.ok(hasReport);
  assert.match(messages, /memo-ma-50-50-seed-1: done after 3 updates in 0s, R 1 passed/);
});

Deno.test("a job that fails does not stop the others", async () => {
  const { code, started, messages, hasReport } = await run({
    perform: (job) =>
      job.configuration === first
        ? Promise.resolve({ code: 2, lastLine: "the disk is full" })
        : finish(job),
  });
  assert.equal(code, 1);
  assert.equal(started.length, 2);
  assert.ok(hasReport);
  assert.match(messages, /error: memo-ma-50-50-seed-1: the disk is full \(.*seed-1\.log\)\n/);
});

Deno.test("a job that fails is told of by its status, unless that is of an earlier start", async () => {
  const { code, messages } = await run({
    perform({ folder, configuration }) {
      Deno.mkdirSync(folder, { recursive: true });
      writeStatus(folder, {
        run: "one",
        state: "finished",
        end_reason: "failed",
        iterations: 1,
        sequences: 1,
        seconds: 0,
        device: "cpu",
        metrics: {},
        message: "the disk is full",
      }, { now: configuration === first ? new Date() : new Date(0) });
      return Promise.resolve({ code: 1, lastLine: "no memory" });
    },
  });
  assert.equal(code, 1);
  assert.match(messages, /error: memo-ma-50-50-seed-1: the disk is full \(/);
  assert.match(messages, /error: dyn-ma-50-50-seed-1: no memory \(/);
});

Deno.test("what is done is skipped, what has begun goes on, what another process does is not done", async () => {
  let unlock = () => {};
  const { code, said, started, messages } = await run({
    seeds: [1, 2],
    before(jobs) {
      finish(jobs[0]!);
      finish(jobs[1]!, 2);
      finish(jobs[2]!, 2);
      unlock = lockRunFolder(jobs[2]!.folder);
    },
    perform(job) {
      if (job.seeds[0] === 1) Deno.removeSync(job.folder, { recursive: true });
      return finish(job);
    },
  }).finally(() => unlock());
  assert.equal(code, 1);
  assert.match(said, /^0 of 2; 1 of 4 jobs is not done \(1 in use by another process\)\nreport: /);
  assert.match(messages, /error: memo-ma-50-50-seed-2: another process works on it/);
  assert.deepEqual(started.map(([name]) => name), [
    `${second.name}-seed-1`,
    `${second.name}-seed-2`,
  ]);
  assert.equal(started[0]![1], "--resume");
  assert.match(messages, /memo-ma-50-50-seed-1: done before/);
  assert.match(messages, /memo-ma-50-50-seed-2: another process works on it, left alone/);
  assert.match(messages, /dyn-ma-50-50-seed-1: started, going on from update 2/);
});

Deno.test("a job that another process takes first is not done", async () => {
  let unlock = () => {};
  const { code, said, messages } = await run({
    perform(job) {
      if (job.configuration === second) return finish(job);
      finish(job);
      unlock = lockRunFolder(job.folder);
      return Promise.resolve({ code: 2, lastLine: "in use by another process" });
    },
  }).finally(() => unlock());
  assert.equal(code, 1);
  assert.match(said, /; 1 of 2 jobs is not done \(1 in use by another process\)/);
  assert.match(messages, /memo-ma-50-50-seed-1: another process works on it, left alone/);
});

Deno.test("a folder with a run of other settings is a failure, and nothing is trained in it", async () => {
  const { code, said, started, messages } = await run({
    seeds: [1, 2],
    before(jobs) {
      const wrong = { passedAt: [[2]], updates: 3, settings: ["updater.learning_rate=0.001"] };
      writeSampleRun(jobs[0]!.folder, { configuration: first, ...wrong });
      writeSampleRun(jobs[1]!.folder, { configuration: second, ...wrong, endReason: "preempted" });
      writeSampleRun(jobs[2]!.folder, { configuration: first, passedAt: [[]], updates: 3 });
    },
    perform: (job) => finish(job),
  });
  assert.equal(code, 1);
  assert.deepEqual(started.map(([name]) => name), [`${second.name}-seed-2`]);
  assert.match(said, /; 3 of 4 jobs are not done \(3 failed\)/);
  const errors = messages.split("\n").filter((line) => line.startsWith("error: "));
  const says = [
    /^error: memo-ma-50-50-seed-1: .*seed-1 was not trained as the experiment says: updater\.learning_rate is 0\.001, expected 0\.003$/,
    /^error: dyn-ma-50-50-seed-1: .*updater\.learning_rate is 0\.001, expected 0\.003$/,
    /^error: memo-ma-50-50-seed-2: .*training\.seeds is \[1\], expected those of seed-2$/,
  ];
  assert.equal(errors.length, 3);
  says.forEach((expected, index) => assert.match(errors[index]!, expected));
});

/** The reference of the first network is 13, of the second 10. */
const levels = (count: number) => [Array.from({ length: count }, (_, at) => at + 1)];

Deno.test("until the reference: a job that has passed it is stopped, is good, and is not begun again", async () => {
  const write = (job: Job, count: number, more: Partial<SampleRun>) => {
    if (existsSync(job.folder)) Deno.removeSync(job.folder, { recursive: true });
    writeSampleRun(job.folder, {
      configuration: job.configuration,
      seeds: job.seeds,
      passedAt: levels(count),
      updates: 20,
      iterations: 30,
      ...more,
    });
  };
  const stops: string[] = [];
  const scene: Scene = {
    untilReference: true,
    before: ([, job]) => write(job!, 10, { endReason: "preempted" }),
    async perform(job) {
      write(job, 12, { endReason: null });
      await new Promise((resolve) => setTimeout(resolve, 40));
      assert.deepEqual(stops, []);
      write(job, 13, { endReason: null });
      return await new Promise<JobEnd>(() => {});
    },
    stopped(job) {
      stops.push(job.name);
      write(job, 13, { endReason: "preempted" });
    },
  };
  const { code, started, messages, hasReport } = await run(scene);
  assert.equal(code, 0, messages);
  assert.deepEqual(started.map(([name]) => name), [`${first.name}-seed-1`]);
  assert.deepEqual(stops, [`${first.name}-seed-1`]);
  assert.ok(hasReport);
  assert.match(messages, /memo-ma-50-50-seed-1: reference reached after 20 updates .*R 13 passed/);
  assert.match(messages, /dyn-ma-50-50-seed-1: has passed the reference before/);
  const later = await run({
    ...scene,
    untilReference: false,
    perform: (job) => {
      Deno.removeSync(job.folder, { recursive: true });
      return finish(job);
    },
    before: (jobs) => jobs.forEach((job) => write(job, 13, { updates: 2, endReason: "preempted" })),
  });
  assert.deepEqual(later.started.map(([, how]) => how), ["--resume", "--resume"]);
});

Deno.test("a run that diverged before is told of and not tried again", async () => {
  const { code, started, messages } = await run({
    before: ([job]) =>
      writeSampleRun(job!.folder, {
        configuration: first,
        passedAt: [[]],
        updates: 2,
        iterations: 3,
        endReason: "diverged",
      }),
    perform: (job) => finish(job),
  });
  assert.equal(code, 1);
  assert.equal(started.length, 1);
  assert.match(messages, /error: memo-ma-50-50-seed-1: diverged at update 2/);
});

for (const [reason, expected] of [["interrupted", 130], ["preempted", 75]] as const) {
  Deno.test(`when ${reason}, running jobs are stopped and no more are begun`, async () => {
    const { code, started, messages, hasReport } = await run({
      seeds: [1, 2],
      atOnce: 2,
      perform(job, signal) {
        if (job.configuration === second) setTimeout(() => signal(reason));
        return new Promise(() => {});
      },
    });
    assert.equal(code, expected);
    assert.equal(started.length, 2);
    assert.ok(!hasReport);
    assert.ok(messages.includes(`${reason}: waiting for the checkpoints of 2 running jobs`));
    assert.match(messages, /the same command goes on from here/);
    assert.doesNotMatch(messages, /error:/);
  });
}

Deno.test("what follows a training is done once, and a failure of it is told", async () => {
  const examined = new Set<string>();
  const experiment: Experiment = {
    ...tiny,
    afterTraining: {
      command: "look",
      reason: (folder) => examined.has(folder) ? undefined : "not examined",
      args: ({ folder }) => [folder, "--closely"],
    },
  };
  const commands: JobCommand[] = [];
  const { code, messages } = await run({
    experiment,
    before: (jobs) => void finish(jobs[0]!),
    perform(job, _, command) {
      commands.push(command);
      if (command.command === "train") return finish(job);
      examined.add(job.folder);
      const isBad = job.configuration === second;
      return Promise.resolve({ code: isBad ? 1 : 0, lastLine: "too dark" });
    },
  });
  assert.equal(code, 1);
  assert.deepEqual(commands.map(({ command }) => command), ["look", "train", "look"]);
  assert.deepEqual(commands[0]!.args.slice(1), [
    ...["--closely", "--device", "cpu"],
    ...["--threads", "1"],
  ]);
  assert.match(messages, /error: dyn-ma-50-50-seed-1: look: too dark/);
});

Deno.test("a run that may diverge is a result, at first and afterwards", async () => {
  const free = { ...first, mayDiverge: true };
  const experiment: Experiment = { ...tiny, configurations: [free, second] };
  const diverge = ({ configuration, seeds, folder }: Job): Promise<JobEnd> => {
    writeSampleRun(folder, {
      ...{ configuration, seeds, passedAt: [[]], updates: 2 },
      endReason: "diverged",
    });
    return Promise.resolve({ code: 3, lastLine: "" });
  };
  const { code, messages } = await run({ experiment, perform: diverge });
  assert.equal(code, 1);
  assert.match(messages, /memo-ma-50-50-seed-1: diverged after 2 updates/);
  assert.match(messages, /error: dyn-ma-50-50-seed-1: diverged at update 2/);
  assert.doesNotMatch(messages, /error: memo-ma/);
  const rerun = await run({
    experiment,
    before: ([job]) => void diverge(job!),
    perform: (job) => finish(job),
  });
  assert.equal(rerun.code, 0);
  assert.deepEqual(rerun.started.map(([name]) => name), ["dyn-ma-50-50-seed-1"]);
});
