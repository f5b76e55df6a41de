/// <reference lib="deno.worker" />
/** A worker thread that draws batches, a few ahead of the training that takes them. */
import { iterationSize } from "../../core/backends/layout.ts";
import { createBatches, inputSlots } from "../../core/training/batches.ts";
import type { IndexLimits } from "../../core/training/index_limits.ts";
import type { Slot } from "../../core/program/node.ts";
import type { Extents } from "../../core/axes.ts";
import type { Task } from "../../core/training/task.ts";
import { findTask } from "../../tasks/mod.ts";
import { importEntry } from "./import_entry.ts";

/**
 * Header of the shared memory, as indices of i32 words: batches drawn, batches taken, whether to end, and
 * whether the worker has failed. The batches follow in a ring. Each holds its input slots, one after another.
 */
export const aheadWords = { drawn: 0, taken: 1, end: 2, failed: 3 } as const;
export const HEADER_BYTES = 64;

type TaskSettings = { readonly name: string } & Readonly<Record<string, unknown>>;

/** What the worker is told to draw. */
export interface AheadStart {
  /** [P], the settings of each replica's task. */
  readonly settings: readonly TaskSettings[];
  /** Address of the file of the task, if it is of no table. */
  readonly url: string | undefined;
  /** [P], the level of each replica, of tasks with levels. */
  readonly levels: readonly number[] | undefined;
  /** [P] */
  readonly seeds: readonly number[];
  readonly extents: Extents;
  readonly slots: readonly Slot[];
  /** Below what the indices of inputs have to be, by input. */
  readonly limits: IndexLimits;
  /** Number of the first batch. */
  readonly first: number;
  /** Batches in the ring. */
  readonly ring: number;
  readonly memory: SharedArrayBuffer;
}

/** The tasks of all replicas, [P]; a task is built once for equal settings. */
async function buildTasks({ settings, url }: AheadStart): Promise<Task[]> {
  const own = url === undefined ? undefined : await importEntry("task", url);
  const tasksByKey = new Map<string, Task>();
  return settings.map(({ name, ...taskSettings }) => {
    const key = JSON.stringify(taskSettings);
    const task = tasksByKey.get(key) ?? (own ?? findTask(name)).build(taskSettings);
    tasksByKey.set(key, task);
    return task;
  });
}

/** Draws until it is told to end. What goes wrong is told by the thread that trains: it draws the batch again. */
async function serve(start: AheadStart): Promise<void> {
  try {
    await drawBatches(start);
  } catch {
    const words = new Int32Array(start.memory, 0, HEADER_BYTES / 4);
    Atomics.store(words, aheadWords.failed, 1);
    // A number that changes cannot be missed by a thread that is about to wait.
    Atomics.add(words, aheadWords.drawn, 1);
    Atomics.notify(words, aheadWords.drawn);
  }
  self.close();
}

async function drawBatches(start: AheadStart): Promise<void> {
  const { levels, seeds, extents, slots, limits, first, ring, memory } = start;
  const shape = { extents, slots: new Map(slots.map((slot) => [slot.name, slot])), limits };
  const tasks = (await buildTasks(start))
    .map((task, replica) => levels ? task.levels!.at(levels[replica]!) : task);
  const batches = createBatches(shape, tasks, { seeds, chunk: 1 });
  const words = new Int32Array(memory, 0, HEADER_BYTES / 4);
  const size = inputSlots(shape).reduce((sum, slot) => sum + iterationSize(slot, extents), 0);
  for (let drawn = 0; !Atomics.load(words, aheadWords.end); drawn++) {
    const batch = batches.draw("train", { first: first + drawn, iterations: 1 });
    let taken = Atomics.load(words, aheadWords.taken);
    while (drawn - taken >= ring && !Atomics.load(words, aheadWords.end)) {
      Atomics.wait(words, aheadWords.taken, taken);
      taken = Atomics.load(words, aheadWords.taken);
    }
    const target = new Float32Array(memory, HEADER_BYTES + (drawn % ring) * size * 4, size);
    let offset = 0;
    for (const values of batch.values()) {
      target.set(values, offset);
      offset += values.length;
    }
    Atomics.add(words, aheadWords.drawn, 1);
    Atomics.notify(words, aheadWords.drawn);
  }
}

if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
  self.onmessage = (event: MessageEvent<AheadStart>) => serve(event.data);
}
