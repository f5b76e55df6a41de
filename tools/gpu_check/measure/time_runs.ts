/** Times what is short beside the wait for a result. */

/** Most runs that are submitted before their end is waited for. */
const MOST_RUNS = 4096;

/** Milliseconds of some runs. */
export interface Series {
  /** Of all of them, and the wait for a result. */
  readonly ms: number;
  /** Until the host had recorded them. */
  readonly hostMs: number;
}

/** Milliseconds of one run, and how many were timed together to know it. */
export interface Estimate extends Series {
  readonly runs: number;
}

/**
 * Estimates, each better than the last: of more and more runs, until they take `seriesMs` together, then the least
 * of three such series. The wait for a result is taken off.
 *
 * @param series does so many runs, and waits for a result.
 */
export async function* timeRuns(
  series: (runs: number) => Promise<Series>,
  seriesMs: number,
): AsyncGenerator<Estimate> {
  const wait = Math.min((await series(0)).ms, (await series(0)).ms, (await series(0)).ms);
  let runs = 1;
  let best = await series(runs);
  const estimate = (): Estimate => ({
    ms: Math.max(best.ms - wait, 0) / runs,
    hostMs: best.hostMs / runs,
    runs,
  });
  yield estimate();
  while (best.ms < seriesMs + wait && runs < MOST_RUNS) {
    runs *= 2;
    best = await series(runs);
    yield estimate();
  }
  for (let again = 0; again < 2; again++) {
    const other = await series(runs);
    if (other.ms < best.ms) best = other;
    yield estimate();
  }
}
