/** The pool with real processes: a run is stopped at its reference, and goes on later. */
import assert from "node:assert/strict";
import { mock } from "node:test";
import { readStatus } from "../../store/files/status.ts";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import type { Experiment } from "../experiment.ts";
import { performExperiment } from "../perform_experiment.ts";

/** Every movie counts as learned, and 300 of them raise R. */
const quick = [
  "task.name=continual_scene",
  "task.vec_len=2",
  "task.scene_time=1",
  "task.acc_threshold=0",
  "task.acc_num=300",
  "model.name=hybrid",
  "model.hidden_dims=2",
  "model.plastic_types=M",
  "model.hetero_rates=1",
];

const tiny: Experiment = {
  name: "tiny",
  summary: "",
  configurations: [{ name: "one", title: "One", settings: quick, reference: 2 }],
  iterations: 1200,
  report: () => Promise.resolve({ headline: "fine", html: "", results: {}, problems: [] }),
};

Deno.test(
  "a run is stopped once it has passed the reference, and goes on without the option",
  inTemporaryFolder(async (out) => {
    const run = async (more: { untilReference?: boolean; iterations?: number }) => {
      const log = mock.method(console, "log", () => {});
      try {
        return await performExperiment({
          args: [],
          name: "tiny",
          out,
          iterations: undefined,
          seeds: "1",
          jobs: 1,
          threads: 1,
          only: undefined,
          device: "cpu",
          sideBySide: false,
          progress: "none",
          dryRun: false,
          list: false,
          report: false,
          published: false,
          untilReference: false,
          ...more,
        }, { table: { tiny } });
      } finally {
        log.mock.restore();
      }
    };
    const folder = `${out}/one-seed-1`;
    // More updates than anybody would wait for.
    assert.equal(await run({ untilReference: true, iterations: 100_000_000 }), 0);
    const stopped = readStatus(folder)!;
    assert.equal(stopped.end_reason, "preempted");
    assert.ok(stopped.iterations >= 600, String(stopped.iterations));
    assert.ok(Number(stopped.metrics["curriculum/passed"]) >= 2);
    assert.equal(await run({ untilReference: true, iterations: 100_000_000 }), 0);
    assert.deepEqual(readStatus(folder), stopped, "it is left alone");
    const iterations = stopped.iterations + 5;
    assert.equal(await run({ iterations }), 0);
    const { end_reason, ...later } = readStatus(folder)!;
    assert.equal(end_reason, "completed");
    assert.equal(later.iterations, iterations);
  }),
);
