import assert from "node:assert/strict";
import { lockRunFolder } from "../../core/run/run_lock.ts";
import { hybridConfigurations } from "./hybrid/configurations.ts";
import { jobState } from "./job_state.ts";
import { type SampleRun, writeSampleRun } from "./sample_run.ts";

const configuration = hybridConfigurations[0]!;

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
    assert.deepEqual(jobState(folder, { iterations: 5 }), { phase: "new", updates: 0, seconds: 0 });
    Deno.mkdirSync(folder);
    assert.equal(jobState(folder, { iterations: 5 }).phase, "new");
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
      assert.deepEqual(jobState(folder, { iterations }), {
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
    const { phase, passed } = jobState(folder, { iterations: 50 });
    unlock();
    assert.equal(phase, "busy");
    assert.deepEqual(passed, [1, 2]);
    assert.equal(jobState(folder, { iterations: 50 }).phase, "partial");
  }));

Deno.test("a damaged status leaves it to train to say so", () =>
  inFolder((folder) => {
    writeSampleRun(folder, { configuration, passedAt: [[]], updates: 50 });
    Deno.writeTextFileSync(`${folder}/status.json`, "{");
    assert.equal(jobState(folder, { iterations: 50 }).phase, "partial");
  }));
