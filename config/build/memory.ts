/** Chunk sizes, and memory and sizes of a run in words. */
import process from "node:process";
import { sizeOf } from "../../core/axes.ts";
import type { MemoryEstimate } from "../../core/backends/backend.ts";
import { iterationSize } from "../../core/backends/layout.ts";
import type { ModelInstance } from "../../core/program/model.ts";
import { outputSlot } from "../../core/program/closed_loop.ts";
import type { Program } from "../../core/program/program.ts";
import type { RunConfig } from "../run_config.ts";
import type { Run } from "./build_run.ts";

/** Most bytes for inputs and metrics of one chunk. */
const CHUNK_BYTES = 1 << 25;
const LONGEST_CHUNK = 256;

/**
 * K, the iterations a device does in one call: no more than one row of metrics or one evaluation uses,
 * and none whose inputs take much memory. It is 1 in closed loop, where each batch is played with the newest
 * network.
 */
export function chooseChunk({ slots, extents }: Program, { training }: RunConfig): number {
  if (slots.has(outputSlot)) return 1;
  let bytes = 0;
  for (const slot of slots.values()) {
    if (slot.hasChunkAxis) bytes += 4 * iterationSize(slot, extents);
  }
  const rounds = Math.ceil(
    Math.max(training.evaluation_sequences, training.test_sequences) / training.batch_size,
  );
  const longestUse = Math.max(1, Math.min(training.iterations, training.log_every), rounds);
  return Math.max(1, Math.min(LONGEST_CHUNK, longestUse, Math.floor(CHUNK_BYTES / bytes)));
}

/** K of training; no more than a curriculum trains before it has to judge. */
export const trainingChunk = ({ task, program }: Run, config: RunConfig): number =>
  Math.min(chooseChunk(program, config), (task.levels ?? task.goal)?.streak ?? Infinity);

/** Bytes of all kinds of memory together. */
export const totalBytes = (estimate: MemoryEstimate): number =>
  estimate.values().reduce((sum, bytes) => sum + bytes, 0);

/** What the slots of a training hold that it keeps: `isPersistent`. */
const persistentKinds = ["parameter", "constant", "optimizer"] as const;

/**
 * The bill of a training: its engine, and on this machine the last finite state, the one that a checkpoint
 * reads, and the numbers of replicas that have diverged; with `keep_best` the best networks, twice while they change.
 */
export function withKeptStates(
  estimate: MemoryEstimate,
  { training: { keep_best } }: Pick<RunConfig, "training">,
): MemoryEstimate {
  const state = persistentKinds.reduce((sum, kind) => sum + (estimate.get(kind) ?? 0), 0);
  return new Map([...estimate, ["kept states", (keep_best === undefined ? 3 : 5) * state]]);
}

/** Memory that a process may use. */
export interface Room {
  readonly bytes: number;
  /** Whose limit it is. */
  readonly owner: "this machine" | "this container";
}

/**
 * The memory of this machine, or the limit of the control group of this process (cgroup v1 or v2) if that
 * is less; undefined if nobody says.
 *
 * @param options.limit of the control group in bytes; a number without meaning if there is none.
 */
export function availableMemory(
  { machine = machineBytes(), limit = groupBytes() }: {
    machine?: number | undefined;
    limit?: number;
  } = {},
): Room | undefined {
  // Without a limit there is 0, or more than any machine has.
  if (limit > 0 && limit < Math.min(machine ?? Infinity, 2 ** 60)) {
    return { bytes: limit, owner: "this container" };
  }
  return machine === undefined ? undefined : { bytes: machine, owner: "this machine" };
}

/** Whether this process may ask for its memory; a script may do without. */
const mayAsk = (): boolean =>
  Deno.permissions.querySync({ name: "sys", kind: "systemMemoryInfo" }).state === "granted";

const machineBytes = (): number | undefined => mayAsk() ? Deno.systemMemoryInfo().total : undefined;

/** The limit of the control group; 0 if nobody says. */
const groupBytes = (): number => mayAsk() ? process.constrainedMemory() : 0;

/** Such as ", this machine has 16.0 GiB"; empty if it is unknown. */
export const describeRoom = (room: Room | undefined): string =>
  room === undefined ? "" : `, ${room.owner} has ${formatBytes(room.bytes)}`;

/** Such as `memory: 3.20 MiB (parameter 2.00 MiB, tape 1.20 MiB)`. */
export function describeMemory(memory: MemoryEstimate): string {
  const parts = [...memory].filter(([, bytes]) => bytes > 0).sort(([, a], [, b]) => b - a)
    .map(([name, bytes]) => `${name} ${formatBytes(bytes)}`);
  return `memory: ${formatBytes(totalBytes(memory))} (${parts.join(", ")})`;
}

/** Such as `parameters: 5,125 trained, 5,000 of them fast (a copy for every sequence)`. */
export function describeParameters({ name, parameters }: ModelInstance): string {
  let [trained, fast, fixed] = [0, 0, 0];
  for (const declaration of Object.values(parameters)) {
    const size = sizeOf(declaration.shape);
    if (!declaration.trained) fixed += size;
    else trained += size;
    if (declaration.trained && declaration.fast) fast += size;
  }
  const count = (value: number) => value.toLocaleString("en-US");
  const fastPart = fast > 0 ? `, ${count(fast)} of them fast (a copy for every sequence)` : "";
  return `parameters: ${name} has ${count(trained)} trained${fastPart}, and ${count(fixed)} fixed`;
}

/** Such as `replicas: 8, 4 points of the sweep with 2 seeds each`; undefined without a sweep. */
export function describeSweep({ training: { seeds, sweep } }: RunConfig): string | undefined {
  const lists = Object.values(sweep);
  if (lists.length === 0) return undefined;
  const points = lists.reduce((product, { length }) => product * length, 1);
  const many = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
  return `replicas: ${points * seeds.length}, ${many(points, "point")} of the sweep with ${
    many(seeds.length, "seed")
  }${points > 1 ? " each" : ""}`;
}

/** Three significant digits, in powers of 1024. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit]}`;
}
