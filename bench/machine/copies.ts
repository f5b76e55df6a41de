/** How fast bytes move: copies from one half of some memory to the other. */
import { bestMilliseconds } from "./best_milliseconds.ts";

/** Bytes that a thread copies from and to: in its second cache, in the shared one, in much of that, in memory. */
export const footprints: readonly number[] = [1 << 19, 1 << 22, 1 << 24, 1 << 27];

/** Bytes that one call copies at least: short copies are repeated, since clocks are coarse. */
const WORTH_TIMING = 1 << 24;

/** GB/s of every footprint on this thread; bytes count twice, as read and as written. */
export function copyRates(): number[] {
  return footprints.map((bytes) => {
    const half = bytes / 2;
    const from = new Float64Array(half / 8).fill(1);
    const to = new Float64Array(half / 8);
    const times = Math.max(1, WORTH_TIMING / half);
    const ms = bestMilliseconds(() => {
      for (let time = 0; time < times; time++) to.set(from);
    });
    return times * bytes / ms / 1e6;
  });
}
