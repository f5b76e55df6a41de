/** Runs a prepared program on threads that share its memory. */
import type { Slot } from "../../program/node.ts";
import type { Program } from "../../program/program.ts";
import type { Engine, Values } from "../backend.ts";
import { disposable } from "../disposable.ts";
import { checkRun, findSlot, firstWritten, iterationSize } from "../layout.ts";
import type { ModuleText } from "./emit_module.ts";
import { ARENA_BASE } from "./plan_module.ts";
import { commandWords, instantiate, type ThreadStart } from "./worker.ts";

/** A compiled module, its memory, and threads that wait for commands. */
export interface PreparedProgram extends Pick<ModuleText, "memory" | "estimate"> {
  readonly program: Program;
  readonly chunk: number;
  readonly shared: WebAssembly.Memory;
  /** How the main thread starts: it runs its part, as the workers do. */
  readonly start: ThreadStart;
  readonly workers: readonly Worker[];
}

/** The engine of a prepared program. */
export function createEngine(prepared: PreparedProgram): Engine {
  const { program, chunk, estimate, shared, start, workers } = prepared;
  const { extents } = program;
  const words = new Int32Array(shared.buffer);
  const procedures = instantiate(start);
  return disposable({
    program,
    chunk,
    memory: estimate,
    write(name, source, { step } = {}) {
      const slot = findSlot(program, name);
      const first = firstWritten(slot, source.length, { extents, chunk, step });
      writeSlot(prepared, slot, { source, first });
    },
    read: (names) =>
      Promise.resolve(
        new Map(names.map((name) => [name, readSlot(prepared, findSlot(program, name))])),
      ),
    run(procedure, { iterations, restore = false, step = 0 }) {
      checkRun(program, procedure, { iterations, restore, step, chunk });
      // The run before is over on all threads: none takes replicas any more.
      Atomics.store(words, commandWords.replica, 0);
      Atomics.store(words, commandWords.step, step);
      const number = start.procedures.indexOf(procedure);
      if (workers.length > 0) command(words, { procedure: number, iterations, restore });
      procedures.get(procedure)!(iterations, Number(restore));
      return Promise.resolve();
    },
    close: () => command(words, { procedure: -1, iterations: 0, restore: false }),
  });
}

/** Tells the other threads what to run. */
function command(
  words: Int32Array,
  { procedure, iterations, restore }: { procedure: number; iterations: number; restore: boolean },
): void {
  Atomics.store(words, commandWords.procedure, procedure);
  Atomics.store(words, commandWords.iterations, iterations);
  Atomics.store(words, commandWords.restore, Number(restore));
  Atomics.add(words, commandWords.number, 1);
  Atomics.notify(words, commandWords.number);
}

function writeSlot(
  { program: { extents }, memory, shared }: PreparedProgram,
  slot: Slot,
  { source, first }: { source: Values; first: number },
): void {
  const values = new Float32Array(shared.buffer);
  const { offset, size, replicaStride } = memory.regionOf({ slot });
  const start = ARENA_BASE / 4 + offset;
  // Of a slot with a copy per thread, the memory may be smaller than the slot.
  if (!replicaStride) return values.set(source.subarray(0, size), start + first);
  const ofReplica = source.length / extents.replicas;
  for (let p = 0; p < extents.replicas; p++) {
    values.set(source.subarray(p * ofReplica, (p + 1) * ofReplica), start + p * replicaStride);
  }
}

/** @throws RangeError if only copies of threads exist. */
function readSlot(
  { program: { extents }, memory, shared }: PreparedProgram,
  slot: Slot,
): Float32Array {
  const values = new Float32Array(shared.buffer);
  const { offset, size, threadStride, replicaStride } = memory.regionOf({ slot });
  if (threadStride !== undefined) {
    throw new RangeError(
      `"${slot.name}" cannot be read: the cpu backend keeps it for one sequence or replica a thread only`,
    );
  }
  const start = ARENA_BASE / 4 + offset;
  if (!replicaStride) return values.slice(start, start + size);
  const ofReplica = iterationSize(slot, extents) / extents.replicas;
  const joined = new Float32Array(ofReplica * extents.replicas);
  for (let p = 0; p < extents.replicas; p++) {
    const first = start + p * replicaStride;
    joined.set(values.subarray(first, first + ofReplica), p * ofReplica);
  }
  return joined;
}
