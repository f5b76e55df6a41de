import assert from "node:assert/strict";
import { configAssignments } from "../config/config_file.ts";
import { resolveConfig } from "../config/resolve_config.ts";
import { buildRun } from "./build_run.ts";
import { chooseChunk, describeParameters, formatBytes, leastBytes } from "./memory.ts";

const build = (training: object) => {
  const { config } = resolveConfig(configAssignments({ training }, "test"));
  return { config, run: buildRun(config) };
};

Deno.test("memory: a chunk is no longer than what a run can use, and bounded in bytes", () => {
  const chunkOf = (training: object) => {
    const { config, run } = build(training);
    return chooseChunk(run.program, config);
  };
  assert.equal(chunkOf({ iterations: 3, evaluation_sequences: 0, test_sequences: 0 }), 1);
  assert.equal(chunkOf({ log_every: 50, evaluation_sequences: 0, test_sequences: 0 }), 50);
  assert.equal(chunkOf({ iterations: 1_000_000 }), 256);
  assert.ok(chunkOf({ iterations: 1_000_000, batch_size: 65_536 }) < 8);
});

Deno.test("memory: the least need grows with batch and precision", () => {
  const bytesOf = (batch_size: number, numberBytes: number) =>
    leastBytes(build({ batch_size }).run.program, { chunk: 1, numberBytes });
  assert.equal(bytesOf(1, 8), 2 * bytesOf(1, 4));
  assert.ok(bytesOf(64, 4) > 10 * bytesOf(1, 4));
});

Deno.test("memory: sizes and counts are told in words for people", () => {
  assert.deepEqual([0, 999, 1024, 1.5 * 2 ** 20, 2 ** 40].map(formatBytes), [
    "0 B",
    "999 B",
    "1.00 KiB",
    "1.50 MiB",
    "1.00 TiB",
  ]);
  const text = describeParameters(build({}).run.model);
  assert.match(text, /^parameters: ethereal has 7,650 trained, 7,500 of them fast/);
});
