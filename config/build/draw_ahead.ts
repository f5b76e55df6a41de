/** Training batches that a worker thread draws ahead, so that training never waits for them. */
import { iterationSize } from "../../core/backends/layout.ts";
import {
  createBatches,
  inputSlots,
  limitsOf,
  type OpenBatches,
} from "../../core/training/batches.ts";
import { isClosedLoop, openBatches } from "../../core/training/open_batches.ts";
import type { OwnEntry } from "../catalogue.ts";
import type { RunConfig } from "../run_config.ts";
import { type AheadStart, aheadWords, HEADER_BYTES } from "./ahead_worker.ts";

/** Numbers in a batch below which drawing it takes less time than handing it over. */
const WORTH_A_THREAD = 2048;
/** Batches drawn ahead at most, and the memory for them. */
const MOST_AHEAD = 32;
const MOST_BYTES = 1 << 25;
/** How long training waits for a batch before it draws in place. */
const PATIENCE_MILLISECONDS = 10_000;

/**
 * Opens batches that are the same, bit for bit, as those that `createBatches` draws in place.
 *
 * @param settings [P], the settings of each replica's task.
 * @param own the task, if it is of no table.
 *
 *     await train({ ..., openBatches: drawAhead([config.task]) });
 */
export function drawAhead(
  settings: readonly RunConfig["task"][],
  own?: OwnEntry<"task">,
): OpenBatches {
  // A thread cannot be given the code of a script.
  if (own && own.url === undefined) return openBatches;
  const url = own?.url;
  return (program, tasks, options) => {
    if (isClosedLoop(tasks)) return openBatches(program, tasks, options);
    const { seeds, chunk, levels } = options;
    const inPlace = createBatches(program, tasks, { seeds, chunk });
    const { extents } = program;
    const slots = inputSlots(program);
    const limits = limitsOf(program);
    const inputs = slots.map((slot) => {
      const size = iterationSize(slot, extents);
      return { name: slot.name, size, values: new Float32Array(size * chunk) };
    });
    const batchSize = inputs.reduce((sum, { size }) => sum + size, 0);
    if (batchSize < WORTH_A_THREAD || 2 * batchSize * 4 > MOST_BYTES) return inPlace;
    const ring = Math.min(MOST_AHEAD, Math.floor(MOST_BYTES / (batchSize * 4)));
    let stream: BatchStream | undefined;
    const close = () => {
      stream?.close();
      stream = undefined;
    };
    return {
      draw(split, range) {
        if (split !== "train") return inPlace.draw(split, range);
        const { first, iterations } = range;
        if (stream?.next() !== first) {
          close();
          const start = { settings, url, levels, seeds, extents, slots, limits, first, ring };
          stream = openStream(start, batchSize);
        }
        for (let k = 0; k < iterations; k++) {
          const batch = stream!.wait();
          // A thread that does not come up must not stop the training; one that failed is asked again here.
          if (!batch) return inPlace.draw(split, range);
          let offset = 0;
          for (const { size, values } of inputs) {
            values.set(batch.subarray(offset, offset + size), k * size);
            offset += size;
          }
          stream!.release();
        }
        return new Map(
          inputs.map(({ name, size, values }) => [name, values.subarray(0, iterations * size)]),
        );
      },
      close,
    };
  };
}

/** Consecutive training batches, drawn by a worker into a ring in shared memory. */
interface BatchStream {
  /** Number of the batch that comes next. */
  next(): number;
  /** The next batch: its input slots, one after another. Undefined if none comes, or not in time. */
  wait(): Float32Array | undefined;
  /** Frees the memory of the next batch, for the worker to draw another one there. */
  release(): void;
  close(): void;
}

/** @param size numbers in a batch. */
function openStream(start: Omit<AheadStart, "memory">, size: number): BatchStream {
  const { first, ring } = start;
  const memory = new SharedArrayBuffer(HEADER_BYTES + ring * size * 4);
  const words = new Int32Array(memory, 0, HEADER_BYTES / 4);
  const batches = new Float32Array(memory, HEADER_BYTES);
  const worker = new Worker(new URL("./ahead_worker.ts", import.meta.url), { type: "module" });
  worker.postMessage({ ...start, memory } satisfies AheadStart);
  let taken = 0;
  const release = () => {
    taken++;
    Atomics.add(words, aheadWords.taken, 1);
    Atomics.notify(words, aheadWords.taken);
  };
  return {
    next: () => first + taken,
    wait() {
      while (Atomics.load(words, aheadWords.drawn) <= taken) {
        const outcome = Atomics.wait(words, aheadWords.drawn, taken, PATIENCE_MILLISECONDS);
        if (outcome === "timed-out") return undefined;
      }
      // A worker that failed counts a batch more than it drew.
      const drawn = Atomics.load(words, aheadWords.drawn) - Atomics.load(words, aheadWords.failed);
      if (drawn <= taken) return undefined;
      const offset = taken % ring * size;
      return batches.subarray(offset, offset + size);
    },
    release,
    close() {
      Atomics.store(words, aheadWords.end, 1);
      // Wakes the worker if it waits for room in the ring.
      release();
    },
  };
}
