/**
 * Speed over a recent window: pauses soon stop counting. The time left is told by the latest half of the
 * samples, in which no pause counts as many, since evaluations and checks will come again. What comes before the first sample never
 * counts: code warms up there, which tells nothing of the updates to come.
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
  /** Pace over the window, and the time left to `iterations` once enough is measured. */
  pace(iterations: number): ProgressPace;
}

/** Time that has to be measured, after the first sample, before the time left is told. */
const LEAST_SECONDS = 1;

/** Samples that are kept at most, however often updates come. */
const maxSamples = 64;

/** Samples with at least so many seconds between them. */
function thinned(samples: readonly PaceSample[], spacing: number): PaceSample[] {
  const kept: PaceSample[] = [];
  for (const sample of samples) {
    if (sample.seconds - (kept.at(-1)?.seconds ?? -Infinity) >= spacing) kept.push(sample);
  }
  return kept;
}

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
  // Samples since the start, thinned out evenly.
  const history: PaceSample[] = [];
  let spacing = 0;
  let newest: PaceSample | undefined;
  return {
    add(sample) {
      if (sample.iteration <= start.iteration) return;
      newest = pick(sample);
      const previous = samples.at(-1);
      if (!previous || newest.seconds - previous.seconds >= windowSeconds / maxSamples) {
        samples.push(newest);
      }
      if (newest.seconds - (history.at(-1)?.seconds ?? -Infinity) >= spacing) history.push(newest);
      if (history.length > maxSamples) {
        spacing = 2 * (newest.seconds - history[0]!.seconds) / maxSamples;
        history.splice(0, history.length, ...thinned(history, spacing));
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
      if (elapsed <= 0 || newest.iteration <= oldest.iteration) return {};
      const sequencesPerSecond = (newest.sequences - oldest.sequences) / elapsed;
      if (elapsed < LEAST_SECONDS) return { sequencesPerSecond };
      const long = history[Math.floor((history.length - 1) / 2)]!;
      const from = long.seconds < oldest.seconds ? long : oldest;
      const pace = (newest.seconds - from.seconds) / (newest.iteration - from.iteration);
      return {
        sequencesPerSecond,
        secondsLeft: Math.max(0, iterations - newest.iteration) * pace,
      };
    },
  };
}
