import assert from "node:assert/strict";
import { mock } from "node:test";
import { join } from "node:path";
import type { Program } from "../core/program/program.ts";
import type { TrainResult } from "../core/training/train_options.ts";
import { readStatus } from "./files/status.ts";
import { inTemporaryFolder } from "./files/testing/temporary_folder.ts";
import { openRecorder } from "./recorder.ts";

const start = { iteration: 0, sequences: 0, seconds: 0, values: {} };
const result = { ...start, endReason: "completed", iterations: 3, metrics: {} };

const open = (folder: string) =>
  openRecorder(folder, {
    config: {},
    run: "test",
    device: "test",
    score: "accuracy",
    isNew: true,
    start,
    program: {} as Program,
    replicas: [],
  });

/** Lets the next syncs of files fail, as those of a broken disk. */
const breakSync = (times: number) =>
  mock.method(Deno.FsFile.prototype, "syncSync", () => {
    throw new Error("Input/output error (os error 5)");
  }, { times });

Deno.test(
  "a run whose files cannot be made durable at its end has failed, and names the first of them",
  inTemporaryFolder((folder) => {
    const recorder = open(folder);
    const broken = breakSync(2);
    const message = `cannot write ${
      join(folder, "metrics.jsonl")
    }: Input/output error (os error 5)`;
    try {
      assert.throws(() => recorder.end(result as unknown as TrainResult), { message });
    } finally {
      broken.mock.restore();
    }
    const status = readStatus(folder)!;
    assert.equal(status.end_reason, "failed");
    assert.equal(status.message, message);
  }),
);

Deno.test(
  "a run that is given up gets its last status, though its rows cannot be made durable",
  inTemporaryFolder((folder) => {
    const recorder = open(folder);
    const broken = breakSync(1);
    recorder.abandon("failed", "the first error");
    broken.mock.restore();
    assert.equal(readStatus(folder)!.message, "the first error");
  }),
);
