/** Looks at what a command leaves behind when one of its calls failed. */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { readNpz, readSafetensors } from "../../../data/read_arrays.ts";
import { readCheckpoint } from "../../../store/files/checkpoint.ts";
import { readMetrics } from "../../../store/files/metrics.ts";
import { type Call, errors, type Fault } from "./fault.ts";
import type { FaultyResult } from "./run_with_fault.ts";

export const isTemporaryPath = (path: string): boolean => path.includes(".tmp-");

/**
 * @param failed the first call that failed: of a full disk as well, whatever fails after it.
 * @throws if a command did not end as it should: killed, or with lines that name the error and the path.
 */
export function checkEnd(
  { code, stderr, stdout }: FaultyResult,
  failed: Call,
  fault: Fault,
): void {
  if (fault === "kill") return assert.equal(code, 137);
  const lines = stderr.split("\n").filter((line) => line.startsWith("error: "));
  // An experiment goes on after an error of one job, and meets the full disk again.
  assert.ok(lines.length === 1 || lines.length === 2 && lines.every(isOfExperiment), "lines");
  const [line = ""] = lines;
  assert.equal(code, lines.some((line) => line.includes("cannot write into")) ? 2 : 1, "exit code");
  assert.ok(line.includes(errors[fault].text), "the error is not told");
  const { path } = failed;
  assert.ok(line.includes(isTemporaryPath(path) ? dirname(path) : path), "the path is not named");
  assert.doesNotMatch(stderr + stdout, /\n {4}at /);
}

const isOfExperiment = (line: string): boolean => /cannot write (all|into .*\/all)/.test(line);

/** @throws if a file has the name of a whole one and is a part of it. */
export function checkWhole(path: string): void {
  if (isTemporaryPath(path)) return;
  if (path.endsWith(".npz")) readNpz(path);
  else if (path.endsWith(".parquet")) assert.match(Deno.readTextFileSync(path), /PAR1$/);
  else if (path.includes("/export/") && path.endsWith(".safetensors")) readSafetensors(path);
  else if (path.endsWith(".safetensors")) readCheckpoint(path);
  else if (path.endsWith(".jsonl")) [...readMetrics(path)];
  else if (path.endsWith(".json")) JSON.parse(Deno.readTextFileSync(path));
  else if (/\.(html|svg)$/.test(path)) assert.match(Deno.readTextFileSync(path), />\s*$/);
}
