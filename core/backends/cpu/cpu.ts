/** The cpu backend: it prints passes as WebAssembly SIMD, and runs them on several threads. */
import type { Program } from "../../program/program.ts";
import { procedureCost } from "../../schedule/cost.ts";
import { hasRelaxedSimd } from "../../wat/features.ts";
import type { Backend, Engine } from "../backend.ts";
import { disposable } from "../disposable.ts";
import { assemble } from "./assemble.ts";
import { emitModule } from "./emit_module.ts";
import { createEngine } from "./engine.ts";
import { planModule } from "./plan_module.ts";
import type { ThreadStart } from "./worker.ts";

/** Operations of an iteration that are worth one more thread. */
const WORTH_A_THREAD = 400_000;

/** The number of threads for a program, at most `wanted`. Results do not depend on it. */
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
  const workers = await startWorkers(starts.slice(1));
  return createEngine({
    program,
    chunk,
    memory,
    estimate,
    shared,
    start: starts[0]!,
    workers,
  });
}

/**
 * The cpu backend.
 *
 * @example
 * const engine = await cpuBackend({ threads: 2 }).prepare(program, { chunk: 8 });
 *
 * @param threads most threads, 1 to 256; default: one per core.
 * @param relaxed uses relaxed SIMD; default: if the engine has it.
 * @param forceThreads uses all threads, however small the program is (for tests).
 * @throws RangeError if the number of threads is out of range.
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
  return disposable({
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
  });
}
