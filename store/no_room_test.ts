import assert from "node:assert/strict";
import { mock } from "node:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readLatestCheckpoint } from "./files/checkpoint.ts";
import { NoRoomError } from "../core/training/no_room_error.ts";
import { readStatus } from "./files/status.ts";
import { configAssignments } from "../config/config_file.ts";
import { resolveConfig } from "../config/resolve_config.ts";
import { buildRun } from "../config/build/build_run.ts";
import { prepareRun } from "../config/build/prepare_run.ts";
import { writeReport } from "../report/write_report.ts";
import { commandOutput } from "./run_output.ts";
import { trainInFolder } from "./train_in_folder.ts";

const { config } = resolveConfig(configAssignments({
  task: {
    name: "continual_scene",
    vec_len: 5,
    scene_time: 1,
    interval: 5,
    max_interval: 7,
    acc_threshold: 0,
    acc_num: 2,
  },
  model: { name: "hybrid", hidden_dims: [3, 2] },
  updater: { name: "bptt" },
  training: { iterations: 20, batch_size: 2, test_sequences: 2, checkpoint_every: 0 },
  device: { name: "cpu", threads: 1 },
}, "test"));

Deno.test("a run without room for its next level keeps everything, and goes on where there is", async () => {
  const parent = await Deno.makeTempDir();
  const out = join(parent, "run");
  let said = "";
  const mocks = (["log", "error"] as const).map((name) =>
    mock.method(console, name, (line: string) => said += `${line}\n`)
  );
  const start = async (longest: number, resume: boolean) => {
    const prepared = await prepareRun(config, { say: () => {} });
    try {
      const outcome = await trainInFolder({
        ...prepared,
        prepare: (steps) =>
          steps > longest ? Promise.reject(new NoRoomError("too long")) : prepared.prepare(steps),
      }, {
        config,
        out,
        resume,
        progress: "none",
        commandLine: [],
        output: commandOutput,
        verify: undefined,
        writeReport,
      });
      return outcome.exitCode;
    } finally {
      prepared.engine.close();
      prepared.backend.close();
    }
  };
  try {
    const first = buildRun(config).program.extents.steps;
    for (const resume of [false, true]) {
      assert.equal(await start(first, resume), 1);
      const { state, end_reason, message, iterations, metrics } = readStatus(out)!;
      assert.deepEqual(
        { state, end_reason, message, iterations, passed: metrics["curriculum/passed"] },
        {
          state: "finished",
          end_reason: "no_room",
          message: "no memory for R = 6: too long",
          iterations: 2,
          passed: 5,
        },
      );
      assert.equal(readLatestCheckpoint(out).iteration, 2);
      assert.ok(existsSync(join(out, "report.html")));
    }
    assert.match(said, /^end reason: no_room$/m);
    assert.match(said, /^error: no memory for R = 6: too long$/m);
    assert.equal(await start(Infinity, true), 0);
    assert.equal(readStatus(out)!.end_reason, "completed");
  } finally {
    for (const { mock } of mocks) mock.restore();
    await Deno.remove(parent, { recursive: true });
  }
});
