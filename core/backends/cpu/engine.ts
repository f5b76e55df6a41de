/** Runs a prepared program on threads that share its memory. */
import type { Slot } from "../../program/node.ts";
import type { Program } from "../../program/program.ts";
import type { Engine } from "../backend.ts";
import { disposable } from "../disposable.ts";
import { checkRun, findSlot, firstWritten, slotSize } from "../layout.ts";
import type { ModuleText } from "./emit_module.ts";
import { ARENA_BASE } from "./plan_module.ts";
import { readRows, writeRows } from "./slot_memory.ts";
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
  const { program, chunk, memory, estimate, shared, start, workers } = prepared;
  const { extents } = program;
  const words = new Int32Array(shared.buffer);
  const values = new Float32Array(shared.buffer);
  const procedures = instantiate(start);
  const memoryOf = (slot: Slot) => ({
    values,
    arena: ARENA_BASE / 4,
    region: memory.regionOf({ slot }),
    replicas: extents.replicas,
  });
  return disposable({
    program,
    chunk,
    memory: estimate,
    write(name, source, { step } = {}) {
      const slot = findSlot(program, name);
      const first = firstWritten(slot, source.length, { extents, chunk, step });
      writeRows(slot, { source, first }, memoryOf(slot));
    },
    read: (names) =>
      Promise.resolve(
        new Map(names.map((name) => {
          const slot = findSlot(program, name);
          return [name, readRows(slot, slotSize(slot, extents, chunk), memoryOf(slot))];
        })),
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
