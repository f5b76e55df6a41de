/// <reference lib="deno.worker" />
/**
 * A thread of the cpu backend: it waits for commands of the main thread, and runs its part of them.
 *
 * `commandWords` are indices of i32 words in the shared memory. `number` counts commands; `procedure` is
 * -1 to end; `replica` is the first one that no thread has begun; `step` is that of `RunOptions`. Words 0 and 1 belong to the barrier.
 */
export const commandWords = {
  number: 2,
  procedure: 3,
  iterations: 4,
  restore: 5,
  replica: 6,
  step: 7,
} as const;

/** What a thread starts with. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Number of the thread; the main thread is 0. */
  readonly thread: number;
  readonly threads: number;
  /** First byte of the thread's scratch memory. */
  readonly scratch: number;
  /** Names of procedures, in the order of the command word. */
  readonly procedures: readonly string[];
}

/** Runs this thread's part of all iterations of a procedure; `restore` is 0 or 1. */
export type ProcedureFunction = (iterations: number, restore: number) => void;

/** The procedures of a module, for one thread. */
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
