/// <reference lib="deno.worker" />
/**
 * A thread of the cpu backend: runs its share of whatever the main thread runs.
 *
 * Command words of the shared memory, in i32: 2 number of the command, 3 which procedure (-1: end),
 * 4 iterations, 5 restore; 6 the first replica that no thread has begun.
 */
export const commandWords = {
  number: 2,
  procedure: 3,
  iterations: 4,
  restore: 5,
  replica: 6,
} as const;

/** What a thread begins with. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly thread: number;
  readonly threads: number;
  readonly scratch: number;
  /** Names of procedures, in the order of the command word. */
  readonly procedures: readonly string[];
}

/** A procedure: this thread's part of all iterations; `restore` is 0 or 1. */
export type ProcedureFunction = (iterations: number, restore: number) => void;

/** The procedures of a module for one thread. */
export function instantiate(start: ThreadStart): ReadonlyMap<string, ProcedureFunction> {
  const { memory, thread, threads, scratch } = start;
  const instance = new WebAssembly.Instance(start.module, {
    env: { memory, thread, threads, scratch },
  });
  return new Map(
    start.procedures.map((name) => [name, instance.exports[name] as ProcedureFunction]),
  );
}

function serve(start: ThreadStart): void {
  const procedures = instantiate(start);
  const words = new Int32Array(start.memory.buffer);
  const { number, procedure, iterations, restore } = commandWords;
  let done = 0;
  self.postMessage("ready");
  while (true) {
    Atomics.wait(words, number, done);
    done = Atomics.load(words, number);
    const which = Atomics.load(words, procedure);
    if (which < 0) break;
    procedures.get(start.procedures[which]!)!(
      Atomics.load(words, iterations),
      Atomics.load(words, restore),
    );
  }
  self.close();
}

if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
  self.onmessage = (event: MessageEvent<ThreadStart>) => serve(event.data);
}
