/**
 * Copies slots between the host and the memory of a module. Rows lie next to each other in an array of the
 * host, and begin whole vectors in memory.
 */
import type { Slot } from "../../program/node.ts";
import type { Values } from "../backend.ts";
import type { Region } from "../arenas.ts";
import { rowSize } from "./row_size.ts";

/** Elements of a row of a slot, and elements from a row to the next one in memory. */
interface Rows {
  readonly length: number;
  readonly stride: number;
}

function rowsOf({ shape }: Slot): Rows {
  const length = shape.at(-1) ?? 1;
  return { length, stride: rowSize(length) };
}

/** Elements of `count` elements of the host in memory. */
const stored = (count: number, { length, stride }: Rows): number => count / length * stride;

/** Copies whole rows into memory, from element `at` of it. */
function rowsIn(memory: Float32Array, at: number, source: Values, rows: Rows): void {
  const { length, stride } = rows;
  if (length === stride) return memory.set(source, at);
  for (let from = 0, to = at; from < source.length; from += length, to += stride) {
    for (let column = 0; column < length; column++) memory[to + column] = source[from + column]!;
  }
}

/** Copies whole rows out of memory, from element `at` of it. */
function rowsOut(memory: Float32Array, at: number, target: Float32Array, rows: Rows): void {
  const { length, stride } = rows;
  if (length === stride) return target.set(memory.subarray(at, at + target.length));
  for (let to = 0, from = at; to < target.length; to += length, from += stride) {
    for (let column = 0; column < length; column++) target[to + column] = memory[from + column]!;
  }
}

/** Where the values of a slot lie. */
interface SlotMemory {
  /** All of the module's memory. */
  readonly values: Float32Array;
  /** First element of the arena. */
  readonly arena: number;
  readonly region: Region;
  /** P. */
  readonly replicas: number;
}

/**
 * Writes values into a slot.
 *
 * @param first element of the slot that the first value goes to.
 */
export function writeRows(
  slot: Slot,
  { source, first }: { source: Values; first: number },
  { values, arena, region: { offset, size, replicaStride }, replicas }: SlotMemory,
): void {
  const rows = rowsOf(slot);
  const start = arena + offset;
  if (!replicaStride) {
    // Of a slot with a copy per thread, the memory may be smaller than the slot.
    const fitting = Math.max(0, Math.floor(size / rows.stride) * rows.length - first);
    return rowsIn(values, start + stored(first, rows), source.subarray(0, fitting), rows);
  }
  const ofReplica = source.length / replicas;
  for (let p = 0; p < replicas; p++) {
    const part = source.subarray(p * ofReplica, (p + 1) * ofReplica);
    rowsIn(values, start + p * replicaStride, part, rows);
  }
}

/**
 * Reads a slot.
 *
 * @param count its elements.
 * @throws RangeError if only copies of threads exist.
 */
export function readRows(
  slot: Slot,
  count: number,
  { values, arena, region: { offset, threadStride, replicaStride }, replicas }: SlotMemory,
): Float32Array {
  if (threadStride !== undefined) {
    throw new RangeError(
      `"${slot.name}" cannot be read: the cpu backend keeps it for one sequence or replica a thread only`,
    );
  }
  const rows = rowsOf(slot);
  const read = new Float32Array(count);
  const parts = replicaStride ? replicas : 1;
  const ofPart = count / parts;
  for (let p = 0; p < parts; p++) {
    const target = read.subarray(p * ofPart, (p + 1) * ofPart);
    rowsOut(values, arena + offset + p * (replicaStride ?? 0), target, rows);
  }
  return read;
}
