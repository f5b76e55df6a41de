/** Training batches that a thread of its own draws ahead, so that training never waits for them. */
import { iterationSize } from "../../core/backends/layout.ts";
import {
  type Batches,
  createBatches,
  inputSlots,
  type OpenBatches,
} from "../../core/training/batches.ts";
import type { RunConfig } from "../run_config.ts";
import { type AheadStart, aheadWords, HEADER_BYTES } from "./ahead_worker.ts";

/** Numbers in a batch below which drawing it takes less time than handing it over. */
const WORTH_A_THREAD = 2048;
/** Batches drawn ahead, and the most memory for them. */
const MOST_AHEAD = 32;
const MOST_BYTES = 1 << 25;
const PATIENCE_MILLISECONDS = 10_000;

/**
 * Opens batches that are the same, bit for bit, as those that `createBatches` draws in place.
 *
 * @param settings [P], of each replica's task.
 */
export function drawAhead(settings: readonly RunConfig["task"][]): OpenBatches {
  return (program, tasks, { seeds, chunk, levels }) => {
    const inPlace = createBatches(program, tasks, { seeds, chunk });
    const { extents } = program;
    const slots = inputSlots(program);
    const sizes = slots.map((slot) => iterationSize(slot, extents));
    const size = sizes.reduce((sum, size) => sum + size, 0);
    if (size < WORTH_A_THREAD || 2 * size * 4 > MOST_BYTES) return inPlace;
    const ring = Math.min(MOST_AHEAD, Math.floor(MOST_BYTES / (size * 4)));
    const received = new Map(
      slots.map(({ name }, index) => [name, new Float32Array(sizes[index]! * chunk)] as const),
    );
    let stream:
      | { words: Int32Array; batches: Float32Array; worker: Worker; next: number }
      | undefined;

    function start(first: number) {
      const memory = new SharedArrayBuffer(HEADER_BYTES + ring * size * 4);
      const worker = new Worker(new URL("./ahead_worker.ts", import.meta.url), { type: "module" });
      worker.postMessage(
        { settings, levels, seeds, extents, slots, first, ring, memory } satisfies AheadStart,
      );
      const words = new Int32Array(memory, 0, HEADER_BYTES / 4);
      return { words, batches: new Float32Array(memory, HEADER_BYTES), worker, next: first };
    }

    function end(): void {
      if (!stream) return;
      Atomics.store(stream.words, aheadWords.end, 1);
      Atomics.add(stream.words, aheadWords.taken, 1);
      Atomics.notify(stream.words, aheadWords.taken);
      stream = undefined;
    }

    const batches: Batches = {
      draw(split, range) {
        if (split !== "train") return inPlace.draw(split, range);
        const { first, iterations } = range;
        if (stream?.next !== first) {
          end();
          stream = start(first);
        }
        const { words, batches } = stream;
        for (let k = 0; k < iterations; k++) {
          const taken = Atomics.load(words, aheadWords.taken);
          while (Atomics.load(words, aheadWords.drawn) <= taken) {
            const waited = Atomics.wait(words, aheadWords.drawn, taken, PATIENCE_MILLISECONDS);
            // A thread that does not come up must not stop the training.
            if (waited === "timed-out") return inPlace.draw(split, range);
          }
          let offset = taken % ring * size;
          slots.forEach(({ name }, index) => {
            const length = sizes[index]!;
            received.get(name)!.set(batches.subarray(offset, offset + length), k * length);
            offset += length;
          });
          Atomics.add(words, aheadWords.taken, 1);
          Atomics.notify(words, aheadWords.taken);
        }
        stream.next = first + iterations;
        return new Map(
          slots.map(({ name }, index) =>
            [name, received.get(name)!.subarray(0, iterations * sizes[index]!)] as const
          ),
        );
      },
      close: end,
    };
    return batches;
  };
}
