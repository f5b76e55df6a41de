/**
 * Speed over a recent window: pauses soon stop counting. What comes before the first sample never counts,
 * since code warms up there: it tells nothing of the updates to come.
 */
import type { ProgressPace } from "./format_progress.ts";

export interface PaceSample {
  /** Time of a monotonic clock. */
  readonly seconds: number;
  readonly iteration: number;
  readonly sequences: number;
}

export interface PaceMeter {
  add(sample: PaceSample): void;
  /** Pace over the window, and the time left to `iterations` at that pace once enough is measured. */
  pace(iterations: number): ProgressPace;
}

/** Time that has to be measured, after the first sample, before the time left is told. */
const LEAST_SECONDS = 1;

/** Samples that are kept at most, however often updates come. */
const maxSamples = 64;

/**
 * Starts measuring.
 *
 * @param start where training starts; the first sample beyond it begins the window.
 * @param options.windowSeconds length of the window.
 */
export function createPaceMeter(
  start: Pick<PaceSample, "iteration">,
  { windowSeconds = 15 }: { windowSeconds?: number } = {},
): PaceMeter {
  const pick = ({ seconds, iteration, sequences }: PaceSample) => ({
    seconds,
    iteration,
    sequences,
  });
  const samples: PaceSample[] = [];
  let newest: PaceSample | undefined;
  return {
    add(sample) {
      if (sample.iteration <= start.iteration) return;
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
      const [oldest] = samples;
      if (!newest || !oldest) return {};
      const elapsed = newest.seconds - oldest.seconds;
      const done = newest.iteration - oldest.iteration;
      if (elapsed <= 0 || done <= 0) return {};
      const sequencesPerSecond = (newest.sequences - oldest.sequences) / elapsed;
      if (elapsed < LEAST_SECONDS) return { sequencesPerSecond };
      const left = Math.max(0, iterations - newest.iteration);
      return { sequencesPerSecond, secondsLeft: left * elapsed / done };
    },
  };
}
