/** Reads what a run has written. The run may still be training. */
import { basename, join, resolve } from "node:path";
import type { Engine } from "../core/backends/backend.ts";
import { averageSlot } from "../core/program/average_slot.ts";
import { isPersistent } from "../core/backends/layout.ts";
import { listCheckpoints, readLatestCheckpoint } from "./files/checkpoint.ts";
import type { Checkpoint } from "./files/checkpoint_format.ts";
import { readConfig } from "./files/config_file.ts";
import { isUnusableFile } from "./files/unusable_file.ts";
import type { Tensor } from "./files/tensor.ts";
import { configAssignments } from "../config/config_file.ts";
import { resolveConfig } from "../config/resolve_config.ts";
import { buildRun } from "../config/build/build_run.ts";
import { configOf, replicasOf } from "../config/replicas.ts";
import type { RunConfig } from "../config/run_config.ts";
import { noCode, type OwnCode, withStoredCode } from "./stored_code.ts";
import { withCounters } from "./counters.ts";
import { requireTensor } from "./require_tensor.ts";
import { divergencesOf, requireSameRun, storedShape } from "./state_file.ts";
import { UsageError } from "../config/usage_error.ts";

/** The name of the folder of a run. */
export const runName = (folder: string): string => basename(resolve(folder));

/**
 * The config of a run as its file holds it, without the code that its names stand for.
 *
 * @throws UsageError in one line if the folder holds no run, or a damaged one.
 */
export function readStoredSettings(folder: string): Record<string, unknown> {
  try {
    return readConfig(folder);
  } catch (error) {
    const refuse = (reason: string) =>
      new UsageError(`cannot read ${folder}: ${reason}`, { cause: error });
    const { NotFound, NotADirectory } = Deno.errors;
    if (error instanceof NotFound) throw refuse("it holds no run (no config.json)");
    if (error instanceof NotADirectory) throw refuse("it is a file, expected a folder of a run");
    if (isUnusableFile(error)) throw refuse(error.message);
    throw error;
  }
}

/**
 * The config of a run.
 *
 * @param code what stands for its names that are of no table.
 * @throws UsageError in one line if the folder holds no run, or a damaged one, or its code is missing.
 */
export function readRunConfig(folder: string, code: OwnCode = noCode): RunConfig {
  const stored = readStoredSettings(folder);
  const source = join(folder, "config.json");
  const { sections, catalogue } = withStoredCode(stored, code, source);
  return resolveConfig(configAssignments(sections, source), { source, catalogue }).config;
}

/** The newest checkpoint that verifies; notes what diverged. @throws UsageError if there is none, or it is of another config. */
export function readNewestCheckpoint(folder: string, config: RunConfig): Checkpoint {
  if (listCheckpoints(folder).length === 0) {
    throw new UsageError(`cannot read ${folder}: it has no checkpoint yet`);
  }
  const damaged: string[] = [];
  let checkpoint: Checkpoint;
  try {
    checkpoint = readLatestCheckpoint(folder, { warn: (text) => damaged.push(text) });
  } catch (error) {
    if (damaged.length === 0) throw error;
    throw new UsageError(`cannot read ${folder}: ${damaged.join("; ")}`, { cause: error });
  }
  for (const text of damaged) console.error(text);
  return checkCheckpoint(checkpoint, config);
}

/** Requires that a checkpoint is of a config, and notes what diverged. @throws UsageError, DamagedFileError */
export function checkCheckpoint(checkpoint: Checkpoint, config: RunConfig): Checkpoint {
  requireSameRun(checkpoint, config);
  requireAverages(checkpoint, config);
  for (const { replica, iteration } of divergencesOf(checkpoint, config)) {
    const { label } = replicasOf(config)[replica]!;
    console.error(`note: ${label} diverged at update ${iteration}: its numbers are those before`);
  }
  return checkpoint;
}

/**
 * Requires the averages that the networks of a run are judged by: without them others would be judged.
 *
 * @throws UsageError that names the first one that is missing.
 */
function requireAverages(checkpoint: Checkpoint, config: RunConfig): void {
  const replicas = replicasOf(config);
  const { slots } = buildRun(configOf(config, replicas[0]!)).program;
  for (const { name, shape } of slots.values()) {
    const average = averageSlot(name);
    if (!slots.has(average)) continue;
    requireTensor(checkpoint, { name: average, shape: [replicas.length, ...shape] });
  }
}

/**
 * Writes the persistent tensors [P, B?, ...shape] of a network to a device, in the device's precision.
 *
 * @throws UsageError if the file does not hold all of this network.
 */
export function loadTensors(
  engine: Engine,
  file: { tensors: ReadonlyMap<string, Tensor>; path: string; iteration: number },
): void {
  const { path } = file;
  const { slots } = engine.program;
  const tensors = withCounters(file, engine.program);
  for (const slot of [...slots.values()].filter(isPersistent)) {
    const shape = storedShape(engine.program, slot);
    engine.write(slot.name, requireTensor({ tensors, path }, { name: slot.name, shape }));
  }
}
