/** A GPU that is lost, full, or of no use: one line says so, and what was trained is kept. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findAdapter } from "../core/backends/webgpu/device/adapter.ts";
import { readLatestCheckpoint } from "../store/files/checkpoint.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { readStatus } from "../store/files/status.ts";
import { outcome, tinyArguments } from "./testing/tiny_run.ts";

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const ignore = await findAdapter() === undefined;
const onGpu = [...tinyArguments, "--device=gpu", "--allow-software-adapter"];

/** Runs a command on a GPU with a fault, or without. @returns its exit code and its error lines. */
async function run(args: readonly string[], fault?: string) {
  const broken = fault === undefined ? [] : ["--preload", fileOf("./testing/faulty_gpu.ts")];
  const { code, stderr } = await new Deno.Command("deno", {
    args: ["run", "--no-lock", "-A", ...broken, fileOf("../cli/main.ts"), ...args],
    env: fault === undefined ? {} : { HEBB_GPU_FAULT: fault },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const text = new TextDecoder().decode(stderr);
  return { code, errors: text.split("\n").filter((line) => line.startsWith("error")) };
}

const length = ["--iterations=24", "--log-every=6", "--checkpoint-every=4"];

Deno.test({
  name:
    "train: a run whose GPU is lost keeps its checkpoint, and resumes to the bits of a whole one",
  ignore,
  fn: inTemporaryFolder(async (folder) => {
    const [broken, whole] = [join(folder, "broken"), join(folder, "whole")];
    const failed = await run([...onGpu, ...length, `--out=${broken}`], "lost 40");
    assert.equal(failed.code, 1);
    assert.match(failed.errors.join("\n"), /^error: the GPU was lost \(destroyed\b.*\)$/);
    const { state, end_reason, message } = readStatus(broken)!;
    assert.deepEqual([state, end_reason], ["finished", "failed"]);
    assert.match(message!, /^the GPU was lost/);
    const { iteration } = readLatestCheckpoint(broken);
    assert.ok(iteration > 0 && iteration < 24, `a checkpoint of iteration ${iteration}`);

    assert.deepEqual(await run(["train", `--resume=${broken}`]), { code: 0, errors: [] });
    assert.deepEqual(await run([...onGpu, ...length, `--out=${whole}`]), { code: 0, errors: [] });
    assert.deepEqual(outcome(broken), outcome(whole));
  }),
});

Deno.test({
  name: "train: a GPU without memory is told in a line",
  ignore,
  fn: inTemporaryFolder(async (folder) => {
    const start = await run([...onGpu, ...length, `--out=${join(folder, "run")}`], "full");
    assert.equal(start.code, 1);
    assert.match(
      start.errors.join("\n"),
      /^error: the run needs at least [\d.]+ KiB of memory, which this device refuses: it has no memory left for \d+ bytes$/,
    );
  }),
});

Deno.test({
  name: "train: an adapter that lacks a limit is named with it",
  ignore,
  fn: inTemporaryFolder(async (folder) => {
    const { code, errors } = await run([...onGpu, `--out=${join(folder, "run")}`], "limit");
    assert.equal(code, 1);
    assert.match(
      errors.join("\n"),
      /^error: the adapter .+ does not say its limit maxComputeWorkgroupStorageSize$/,
    );
  }),
});
