/** Speed over a recent window: compiling at the start and pauses soon stop counting. */
import type { ProgressPace } from "./format_progress.ts";

export interface PaceSample {
  /** Time of a monotonic clock. */
  readonly seconds: number;
  readonly iteration: number;
  readonly sequences: number;
}

export interface PaceMeter {
  add(sample: PaceSample): void;
  /** Pace over the window, and the time left to `iterations` at that pace. */
  pace(iterations: number): ProgressPace;
}

/** Samples that are kept at most, however often updates come. */
const maxSamples = 64;

/** @param options.windowSeconds length of the window. */
export function createPaceMeter(
  start: PaceSample,
  { windowSeconds = 15 }: { windowSeconds?: number } = {},
): PaceMeter {
  const pick = ({ seconds, iteration, sequences }: PaceSample) => ({
    seconds,
    iteration,
    sequences,
  });
  const samples: PaceSample[] = [pick(start)];
  let newest = pick(start);
  return {
    add(sample) {
      newest = pick(sample);
      const previous = samples.at(-1);
      if (!previous || newest.seconds - previous.seconds >= windowSeconds / maxSamples) {
        samples.push(newest);
      }
      // The oldest sample lies at or just before the start of the window. With slow updates it is the
      // sample before the newest.
      while (samples.length > 2 && (samples[1]?.seconds ?? 0) <= newest.seconds - windowSeconds) {
        samples.shift();
      }
    },
    pace(iterations) {
      const oldest = samples[0] ?? newest;
      const elapsed = newest.seconds - oldest.seconds;
      const done = newest.iteration - oldest.iteration;
      if (elapsed <= 0 || done <= 0) return {};
      return {
        sequencesPerSecond: (newest.sequences - oldest.sequences) / elapsed,
        secondsLeft: Math.max(0, iterations - newest.iteration) * elapsed / done,
      };
    },
  };
}
