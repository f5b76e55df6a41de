/** The cpu backend: WebAssembly SIMD generated from the same passes, on several threads. */
import type { Program } from "../../program/program.ts";
import { procedureCost } from "../../schedule/cost.ts";
import { hasRelaxedSimd } from "../../wat/features.ts";
import type { Backend, Engine, Values } from "../backend.ts";
import { checkLength, checkRun, findSlot, iterationSize } from "../layout.ts";
import { assemble } from "./assemble.ts";
import { ARENA_BASE, emitModule, planModule } from "./emit_module.ts";
import { commandWords, instantiate, type ThreadStart } from "./worker.ts";

/** Operations of an iteration below which a second thread costs more than it gives. */
const WORTH_A_THREAD = 400_000;

/** Threads that a program is worth. The result does not depend on it. */
function threadsFor(program: Program, wanted: number): number {
  const { replicas, sequences } = program.extents;
  const worth = Math.max(
    1,
    Math.floor(procedureCost(program, "train").operations / WORTH_A_THREAD),
  );
  return Math.min(wanted, worth, Math.max(1, replicas * sequences));
}

async function startWorkers(starts: readonly ThreadStart[]): Promise<Worker[]> {
  return await Promise.all(starts.map((start) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    return new Promise<Worker>((resolve, reject) => {
      worker.onmessage = () => resolve(worker);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`A thread of the cpu backend failed: ${event.message}`));
      };
      worker.postMessage(start);
    });
  }));
}

async function prepare(
  program: Program,
  { chunk, threads: wanted, relaxed, forceThreads }: {
    chunk: number;
    threads: number;
    relaxed: boolean;
    forceThreads: boolean;
  },
): Promise<Engine> {
  const threads = forceThreads ? wanted : threadsFor(program, wanted);
  const { text, memory, estimate, pages, scratch } = emitModule(program, {
    chunk,
    threads,
    relaxed,
  });
  const module = await assemble(text);
  const shared = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const procedures = [...program.procedures.keys()];
  const starts = Array.from({ length: threads }, (_, thread): ThreadStart => ({
    module,
    memory: shared,
    thread,
    threads,
    scratch: scratch.base + thread * scratch.bytes,
    procedures,
  }));
  const own = instantiate(starts[0]!);
  const workers = await startWorkers(starts.slice(1));
  const words = new Int32Array(shared.buffer);
  const values = new Float32Array(shared.buffer);
  const { extents } = program;

  function command(procedure: number, iterations: number, restore: number): void {
    Atomics.store(words, commandWords.procedure, procedure);
    Atomics.store(words, commandWords.iterations, iterations);
    Atomics.store(words, commandWords.restore, restore);
    Atomics.add(words, commandWords.number, 1);
    Atomics.notify(words, commandWords.number);
  }

  return {
    program,
    chunk,
    memory: estimate,
    write(name, source) {
      const slot = findSlot(program, name);
      checkLength(slot, source.length, { extents, chunk });
      const { offset, size, replicaStride } = memory.regionOf({ slot });
      const start = ARENA_BASE / 4 + offset;
      // A tape that threads overwrite before they read it may be smaller than the slot.
      if (!replicaStride) return values.set(source.subarray(0, size), start);
      const own = source.length / extents.replicas;
      for (let p = 0; p < extents.replicas; p++) {
        values.set(source.subarray(p * own, (p + 1) * own), start + p * replicaStride);
      }
    },
    read(names) {
      return Promise.resolve(
        new Map<string, Values>(names.map((name) => {
          const slot = findSlot(program, name);
          const { offset, size, threadStride, replicaStride } = memory.regionOf({ slot });
          if (threadStride !== undefined) {
            throw new RangeError(
              `"${name}" cannot be read: the cpu backend keeps it for one sequence or replica a thread only`,
            );
          }
          const start = ARENA_BASE / 4 + offset;
          if (!replicaStride) return [name, values.slice(start, start + size)];
          const own = iterationSize(slot, extents) / extents.replicas;
          const joined = new Float32Array(own * extents.replicas);
          for (let p = 0; p < extents.replicas; p++) {
            const first = start + p * replicaStride;
            joined.set(values.subarray(first, first + own), p * own);
          }
          return [name, joined];
        })),
      );
    },
    run(procedure, { iterations, restore = false }) {
      checkRun(program, procedure, { iterations, restore, chunk });
      // All threads have left the last run.
      Atomics.store(words, commandWords.replica, 0);
      if (workers.length > 0) command(procedures.indexOf(procedure), iterations, Number(restore));
      own.get(procedure)!(iterations, Number(restore));
      return Promise.resolve();
    },
    close: () => command(-1, 0, 0),
  };
}

/**
 * The cpu backend.
 *
 * @param threads at most this many; default: one a core.
 * @param forceThreads uses all of them, however small the program (tests).
 */
export function cpuBackend(
  { threads = navigator.hardwareConcurrency, relaxed = hasRelaxedSimd(), forceThreads = false }: {
    threads?: number;
    relaxed?: boolean;
    forceThreads?: boolean;
  } = {},
): Backend {
  if (!(Number.isSafeInteger(threads) && threads >= 1 && threads <= 256)) {
    throw new RangeError(`Expected 1 to 256 threads, got ${threads}`);
  }
  const kind = relaxed ? "relaxed SIMD" : "SIMD";
  return {
    name: "cpu",
    description: `WebAssembly ${kind}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    estimateMemory: (program, { chunk = 1 } = {}) =>
      planModule(program, {
        chunk,
        threads: forceThreads ? threads : threadsFor(program, threads),
      }).estimate,
    prepare: (program, { chunk = 1 } = {}) =>
      prepare(program, { chunk, threads, relaxed, forceThreads }),
    close() {},
  };
}
