import assert from "node:assert/strict";
import { lockRunFolder } from "../../store/files/run_lock.ts";
import { hybridConfigurations } from "../hybrid/configurations.ts";
import { jobState } from "./job_state.ts";
import type { Job } from "./jobs.ts";
import { type SampleRun, writeSampleRun } from "../testing/sample_run.ts";

const configuration = hybridConfigurations[0]!;

const jobOf = (folder: string, seeds: readonly number[] = [1]): Job => ({
  name: "run",
  configuration,
  seeds,
  folder,
  log: `${folder}.log`,
});

async function inFolder(action: (folder: string) => void): Promise<void> {
  const parent = await Deno.makeTempDir();
  try {
    action(`${parent}/run`);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

Deno.test("a folder without a run is new", () =>
  inFolder((folder) => {
    const job = jobOf(folder);
    assert.deepEqual(jobState(job, { iterations: 5 }), { phase: "new", updates: 0, seconds: 0 });
    Deno.mkdirSync(folder);
    assert.equal(jobState(job, { iterations: 5 }).phase, "new");
  }));

const cases: [string, Partial<SampleRun>, iterations: number, phase: string][] = [
  ["all updates are done", {}, 50, "done"],
  ["fewer are asked for than done", {}, 20, "done"],
  ["more are asked for", {}, 60, "partial"],
  ["killed", { endReason: null, iterations: 90 }, 90, "partial"],
  ["interrupted", { endReason: "interrupted", iterations: 90 }, 90, "partial"],
  ["failed", { endReason: "failed", iterations: 90 }, 90, "partial"],
  ["diverged", { endReason: "diverged", iterations: 90 }, 90, "diverged"],
  ["all levels passed", { endReason: "completed", iterations: 90 }, 1000, "done"],
  ["a level given up", { endReason: "unconverged", iterations: 90 }, 1000, "done"],
];
for (const [name, run, iterations, phase] of cases) {
  Deno.test(`a run is ${phase} where ${name}`, () =>
    inFolder((folder) => {
      writeSampleRun(folder, { configuration, passedAt: [[10, 20]], updates: 50, ...run });
      assert.deepEqual(jobState(jobOf(folder), { iterations }), {
        phase,
        updates: 50,
        seconds: 0.5,
        passed: [2, 2],
      });
    }));
}

Deno.test("a folder that a process works in is busy, and free again after", () =>
  inFolder((folder) => {
    writeSampleRun(folder, {
      configuration,
      seeds: [1, 2],
      passedAt: [[10], [10, 20]],
      updates: 50,
      endReason: null,
    });
    const unlock = lockRunFolder(folder);
    const job = jobOf(folder, [1, 2]);
    const { phase, passed } = jobState(job, { iterations: 50 });
    unlock();
    assert.equal(phase, "busy");
    assert.deepEqual(passed, [1, 2]);
    assert.equal(jobState(job, { iterations: 50 }).phase, "partial");
  }));

for (const endReason of ["completed", "interrupted", "diverged"] as const) {
  Deno.test(`a run that ${endReason} is another one where its settings or seeds differ`, () =>
    inFolder((folder) => {
      const stateOf = (settings: readonly string[], seeds: readonly number[]) => {
        writeSampleRun(folder, { configuration, passedAt: [[]], updates: 50, endReason, settings });
        const { phase, difference } = jobState(jobOf(folder, seeds), { iterations: 50 });
        Deno.removeSync(folder, { recursive: true });
        return { phase, difference };
      };
      assert.notEqual(stateOf([], [1]).phase, "other");
      assert.deepEqual(stateOf(["updater.learning_rate=0.001"], [1]), {
        phase: "other",
        difference: "updater.learning_rate is 0.001, expected 0.003",
      });
      assert.deepEqual(stateOf(["task.verify_scenes=1000"], [1]), {
        phase: "other",
        difference: "task.verify_scenes is 1000, expected 0",
      });
      assert.deepEqual(stateOf([], [2]), {
        phase: "other",
        difference: "training.seeds is [1], expected those of seed-2",
      });
    }));
}

Deno.test("a damaged config is told in a line", () =>
  inFolder((folder) => {
    writeSampleRun(folder, { configuration, passedAt: [[]], updates: 50 });
    for (const text of ["{", `{"model": {"name": "hybird"}}`, `{"model": 3}`]) {
      Deno.writeTextFileSync(`${folder}/config.json`, text);
      const { phase, difference } = jobState(jobOf(folder), { iterations: 50 });
      assert.equal(phase, "other");
      assert.match(difference!, /^[^\n]*run\/config\.json: [^\n]+$/);
      assert.equal(difference!.split("config.json").length, 2, difference);
    }
  }));

Deno.test("a run has reached the reference once all its seeds have, if no more is asked for", () =>
  inFolder((folder) => {
    const state = (levels: readonly number[], endReason: SampleRun["endReason"] = "preempted") => {
      const seeds = levels.map((_, index) => index + 1);
      const passedAt = levels.map((level) => Array.from({ length: level }, (_, at) => at + 1));
      writeSampleRun(folder, { configuration, seeds, passedAt, updates: 50, endReason });
      const job = jobOf(folder, seeds);
      const phases = [true, false].map((untilReference) =>
        jobState(job, { iterations: 90, untilReference }).phase
      );
      Deno.removeSync(folder, { recursive: true });
      return phases;
    };
    // The reference of the first network is 13.
    assert.deepEqual(state([12]), ["partial", "partial"]);
    assert.deepEqual(state([13]), ["reached", "partial"]);
    assert.deepEqual(state([14, 12]), ["partial", "partial"]);
    assert.deepEqual(state([14, 13]), ["reached", "partial"]);
    assert.deepEqual(state([13], null), ["reached", "partial"]);
  }));

Deno.test("a damaged status leaves it to train to say so", () =>
  inFolder((folder) => {
    writeSampleRun(folder, { configuration, passedAt: [[]], updates: 50 });
    Deno.writeTextFileSync(`${folder}/status.json`, "{");
    assert.equal(jobState(jobOf(folder), { iterations: 50 }).phase, "partial");
  }));
